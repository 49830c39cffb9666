/** IAM statements and security-group rules: which way they go, and when a sentence warns. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { planOne, template } from '../../testing/plan-samples.ts';
import { compareSets, covers } from './pattern-sets.ts';

const role = { Type: 'AWS::IAM::Role', Properties: { AssumeRolePolicyDocument: { Statement: [] } } };
const policy = (...statements: readonly Record<string, unknown>[]) =>
  template({
    Role: role,
    Policy: {
      Type: 'AWS::IAM::Policy',
      Properties: { PolicyName: 'p', Roles: [{ Ref: 'Role' }], PolicyDocument: { Statement: statements } },
    },
  });
const allow = (Action: unknown, Resource: unknown, more: Record<string, unknown> = {}) => ({
  Effect: 'Allow',
  Action,
  Resource,
  ...more,
});
const changesOf = (old: ReturnType<typeof policy>, next: ReturnType<typeof policy>) =>
  planOne(old, next).stack.permissions;

describe('a statement', () => {
  const narrow = allow('s3:GetObject', 'arn:aws:s3:::b/*');
  const cases: readonly [string, Record<string, unknown>, Record<string, unknown>, string, RegExp | undefined][] = [
    ['more actions', narrow, allow(['s3:GetObject', 's3:PutObject'], 'arn:aws:s3:::b/*'), 'widened', undefined],
    ['fewer actions', allow(['s3:GetObject', 's3:PutObject'], 'arn:aws:s3:::b/*'), narrow, 'narrowed', undefined],
    ['all actions of a service', narrow, allow('s3:*', 'arn:aws:s3:::b/*'), 'widened', /everything of `s3:\*`/],
    ['all actions', narrow, allow('*', 'arn:aws:s3:::b/*'), 'widened', /everything of `\*`/],
    ['every resource', narrow, allow('s3:GetObject', '*'), 'widened', /every resource: a new `\*`/],
    ['another resource', narrow, allow('s3:GetObject', 'arn:aws:s3:::c/*'), 'changed', undefined],
    ['a condition more', narrow, { ...narrow, Condition: { Bool: { x: 'true' } } }, 'narrowed', undefined],
    ['a condition less', { ...narrow, Condition: { Bool: { x: 'true' } } }, narrow, 'widened', undefined],
    [
      'a denial of less',
      { ...allow(['s3:GetObject', 's3:PutObject'], '*'), Effect: 'Deny' },
      { ...allow('s3:GetObject', '*'), Effect: 'Deny' },
      'widened',
      undefined,
    ],
  ];
  for (const [name, old, next, direction, danger] of cases) {
    it(`${name}: ${direction}`, () => {
      const [change, ...others] = changesOf(policy(old), policy(next));
      assert.deepEqual([change?.direction, others.length], [direction, 0]);
      if (danger === undefined) assert.deepEqual(change?.dangers, []);
      else assert.match(change?.dangers.join() ?? '', danger);
    });
  }

  it('added widens, removed narrows, and of a denial the other way round', () => {
    const deny = { ...narrow, Effect: 'Deny' };
    assert.equal(changesOf(policy(), policy(narrow))[0]?.direction, 'widened');
    assert.equal(changesOf(policy(narrow), policy())[0]?.direction, 'narrowed');
    assert.equal(changesOf(policy(), policy(deny))[0]?.direction, 'narrowed');
    const [removed] = changesOf(policy(deny), policy());
    assert.equal(removed?.direction, 'widened');
    assert.match(removed?.dangers[0] ?? '', /denied/);
  });

  it('that moves its place only is no change', () => {
    const other = allow('sqs:SendMessage', 'q');
    assert.deepEqual(changesOf(policy(narrow, other), policy(other, narrow)), []);
  });
});

describe('who is let in', () => {
  const trust = (Principal: unknown, more: Record<string, unknown> = {}) =>
    template({
      Role: {
        Type: 'AWS::IAM::Role',
        Properties: {
          AssumeRolePolicyDocument: { Statement: [{ Effect: 'Allow', Action: 'sts:AssumeRole', Principal, ...more }] },
        },
      },
    });

  it('another account is a new principal', () => {
    const [change] = changesOf(
      trust({ AWS: 'arn:aws:iam::111111111111:root' }),
      trust({ AWS: ['arn:aws:iam::111111111111:root', 'arn:aws:iam::222222222222:root'] }),
    );
    assert.equal(change?.direction, 'widened');
    assert.match(change?.dangers[0] ?? '', /New principal: `AWS:arn:aws:iam::222222222222:root`/);
  });

  it('anyone is said plainly, also where the stack is new', () => {
    const [change] = planOne(undefined, trust('*')).stack.permissions;
    assert.match(change?.dangers[0] ?? '', /^Anyone may now/);
  });

  it('the own account in a new key policy is no news; another account is', () => {
    const key = (account: string) =>
      template({
        Key: {
          Type: 'AWS::KMS::Key',
          Properties: {
            KeyPolicy: {
              Statement: [
                {
                  Effect: 'Allow',
                  Action: 'kms:*',
                  Resource: '*',
                  Principal: { AWS: `arn:aws:iam::${account}:root` },
                },
              ],
            },
          },
        },
      });
    assert.deepEqual(planOne(undefined, key('123456789012')).stack.permissions[0]?.dangers, []);
    assert.notDeepEqual(planOne(undefined, key('999999999999')).stack.permissions[0]?.dangers, []);
  });

  it('a service of a new role is no news', () => {
    assert.deepEqual(planOne(undefined, trust({ Service: 'lambda.amazonaws.com' })).stack.permissions[0]?.dangers, []);
  });

  it('the managed policy of administrators is', () => {
    const attached = (ManagedPolicyArns: string[]) =>
      template({ Role: { ...role, Properties: { ...role.Properties, ManagedPolicyArns } } });
    const [change] = changesOf(attached([]), attached(['arn:aws:iam::aws:policy/AdministratorAccess']));
    assert.match(change?.dangers[0] ?? '', /AdministratorAccess/);
  });
});

describe('a rule of a security group', () => {
  const group = (...SecurityGroupIngress: Record<string, unknown>[]) =>
    template({
      Group: { Type: 'AWS::EC2::SecurityGroup', Properties: { GroupDescription: 'g', SecurityGroupIngress } },
    });
  const rule = (CidrIp: string, port = 443, to = port) => ({ IpProtocol: 'tcp', FromPort: port, ToPort: to, CidrIp });

  it('open to the world warns', () => {
    const [change] = planOne(group(rule('10.0.0.0/8')), group(rule('0.0.0.0/0'))).stack.network;
    assert.deepEqual([change?.direction, change?.group, change?.traffic], ['widened', 'Group', 'in']);
    assert.match(change?.dangers[0] ?? '', /Anyone on the internet reaches `Group` on `TCP 443`/);
  });
  it('open to half the world warns no less', () => {
    const { stack } = planOne(group(), group(rule('0.0.0.0/1', 22), rule('128.0.0.0/1', 22)));
    assert.deepEqual(
      stack.network.map(({ dangers }) => dangers),
      ['0.0.0.0/1', '128.0.0.0/1'].map((range) => [
        `A great part of the internet reaches \`Group\` on \`TCP 22\`: \`${range}\`.`,
      ]),
    );
  });
  it('with more ports is wider, with fewer narrower, with another peer changed; none of them warns', () => {
    const direction = (old: Record<string, unknown>, next: Record<string, unknown>) => {
      const [change] = planOne(group(old), group(next)).stack.network;
      assert.deepEqual(change?.dangers, []);
      return change?.direction;
    };
    assert.equal(direction(rule('10.0.0.0/8', 443), rule('10.0.0.0/8', 400, 500)), 'widened');
    assert.equal(direction(rule('10.0.0.0/8', 400, 500), rule('10.0.0.0/8', 443)), 'narrowed');
    assert.equal(direction(rule('10.0.0.0/8'), rule('10.1.0.0/16')), 'narrowed');
    assert.equal(direction(rule('10.1.0.0/16'), rule('10.0.0.0/8')), 'widened');
    assert.equal(direction(rule('10.0.0.0/8'), rule('172.16.0.0/12')), 'changed');
  });
  it('closed again narrows without a warning', () => {
    const { stack, plan } = planOne(group(rule('0.0.0.0/0')), group());
    assert.deepEqual(
      stack.network.map(({ direction }) => direction),
      ['narrowed'],
    );
    assert.deepEqual(
      plan.warnings.filter(({ code }) => code === 'network'),
      [],
    );
  });
});

describe('patterns', () => {
  it('cover what they match', () => {
    assert.ok(covers('s3:Get*', 's3:GetObject'));
    assert.ok(covers('*', 's3:*'));
    assert.ok(covers('a?c', 'abc'));
    assert.ok(!covers('a?c', 'a*c'), 'the one is not all of the other');
    assert.ok(!covers('s3:GetObject', 's3:Get*'));
    assert.ok(!covers('*', 'not s3:GetObject'));
  });
  it('cover themselves and whatever a star stands for', () => {
    const text = fc.string({ unit: fc.constantFrom('a', 'b', ':', '*') });
    fc.assert(
      fc.property(text, text, text, (a, b, inner) => {
        assert.ok(covers(`${a}*${b}`, `${a}${inner}${b}`));
        assert.equal(compareSets([a, b], [b, a]), 'equal');
      }),
    );
  });
});
