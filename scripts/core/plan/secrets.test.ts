/** What looks like a secret never gets into a plan, and nothing else is hidden. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { planOne, template } from '../../testing/plan-samples.ts';
import { isSecretKey, MASK, maskText, maskValue } from './secrets.ts';

describe('a key', () => {
  for (const key of [
    'DB_PASSWORD',
    'dbPassword',
    'ApiKey',
    'API_TOKEN',
    'ClientSecret',
    'private-key',
    'MasterUserPassword',
    'SECRET',
    'signing_key',
    'connectionString',
  ]) {
    it(`${key} holds a secret`, () => assert.ok(isSecretKey(key)));
  }
  for (const key of [
    'TableName',
    'SecretArn',
    'TokenValidity',
    'KmsKeyId',
    'PasswordPolicy',
    'AuthorizationType',
    'MemorySize',
    'Key',
    'tokenEndpoint',
    'ApiKeyRequired',
    'monkey',
    'SecretName',
  ]) {
    it(`${key} holds none`, () => assert.ok(!isSecretKey(key)));
  }
});

/** As `Ref` is written. */
const REFERENCE = ['$', '{Secret}'].join('');

describe('a value', () => {
  it('under such a key is masked, a reference to it is not', () => {
    assert.equal(maskValue('Environment.Variables.DB_PASSWORD', 'hunter2'), MASK);
    assert.equal(
      maskValue('Environment.Variables.DB_PASSWORD', '{{resolve:secretsmanager:x}}'),
      '{{resolve:secretsmanager:x}}',
    );
    assert.equal(maskValue('Environment.Variables.DB_PASSWORD', REFERENCE), REFERENCE);
    assert.deepEqual(
      maskValue('Variables', [
        { Name: 'API_TOKEN', Value: 'abc' },
        { Name: 'LEVEL', Value: 'info' },
      ]),
      [
        { Name: 'API_TOKEN', Value: MASK },
        { Name: 'LEVEL', Value: 'info' },
      ],
    );
  });

  const forms = [
    `AKIA${'A'.repeat(16)}`,
    `ghp_${'a'.repeat(36)}`,
    'eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0In0.c2lnbmF0dXJlLXNpZ25hdHVyZQ',
    '-----BEGIN RSA PRIVATE KEY-----\nabc\n-----END RSA PRIVATE KEY-----',
  ];
  for (const secret of forms) {
    it(`of the form ${secret.slice(0, 10)}… is masked wherever it stands`, () => {
      assert.equal(maskText(`before ${secret} after`), `before ${MASK} after`);
    });
  }
  it('of a URL loses its password alone', () => {
    assert.equal(maskText('postgres://user:hunter2@db.example/x'), `postgres://user:${MASK}@db.example/x`);
  });
});

it('no rendering of a plan can show one: it is not in the plan', () => {
  const variables = (password: string, token: string) =>
    template(
      {
        F: {
          Type: 'AWS::Lambda::Function',
          Properties: {
            Environment: { Variables: { DB_PASSWORD: password, NOTE: `use ${token}` } },
            Description: token,
          },
        },
      },
      { Outputs: { Token: { Value: password }, Note: { Value: token } } },
    );
  const [one, two] = [`ghp_${'a'.repeat(36)}`, `ghp_${'b'.repeat(36)}`];
  const { plan, stack } = planOne(variables('hunter2', one), variables('hunter3', two));
  assert.equal(stack.resources[0]?.properties.length, 3, 'that they change is said');
  assert.doesNotMatch(JSON.stringify(plan), /hunter|ghp_/);
});
