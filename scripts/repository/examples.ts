/** Writes the examples in docs/ anew. Usage: `npm run example`. A test fails when one is not current. */
import { writeFileSync } from 'node:fs';
import { APPROVAL_FILE, approvalExample } from './approval-example.ts';
import { EXAMPLE_FILE, planExample } from './plan-example.ts';

writeFileSync(EXAMPLE_FILE, planExample());
writeFileSync(APPROVAL_FILE, approvalExample());
