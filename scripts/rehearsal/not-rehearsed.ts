/** What a rehearsal on one machine leaves out, said at its end: nobody shall take it for seen. */

export interface NotRehearsed {
  readonly what: string;
  /** What stands in for it, or where else it is checked. */
  readonly instead: string;
}

export const NOT_REHEARSED: readonly NotRehearsed[] = [
  {
    what: 'actions of the marketplace',
    instead: 'small stand-ins of ours, scripts/rehearsal/stand-ins, after their documentation',
  },
  {
    what: 'what the permissions of a job let its GITHUB_TOKEN do',
    instead: 'all jobs share one token here; npm test holds the grants of each job',
  },
  {
    what: 'what the policies of a role allow',
    instead: 'its trust is evaluated, for every call its session is asked for; npm test evaluates the policies',
  },
  { what: 'signatures of calls to AWS', instead: 'their access keys and tokens are those of a session that was given' },
  { what: 'concurrency groups', instead: 'one run at a time here' },
  { what: 'timeouts of jobs, runner images, caches', instead: 'jobs run on this machine, with its own Node' },
  { what: 'npm ci', instead: 'packages are linked where the lock file is the same' },
  { what: 'npm test in the job Check and test', instead: 'type check and lint alone; all of it with --with-tests' },
  { what: 'required checks, code owners, merging', instead: 'npm run github:setup makes the rules, GitHub holds them' },
];
