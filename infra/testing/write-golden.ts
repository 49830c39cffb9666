/** `npm run golden`: writes all golden templates anew. Review what changed like any other change. */
import { makeFleet } from './fleet.ts';
import { writeGolden } from './golden.ts';

const fleet = makeFleet();
writeGolden(fleet);
process.stdout.write(`${fleet.length} golden templates written. See what changed: git diff infra/testing/golden\n`);
