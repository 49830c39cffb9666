/** What an environment must have because its stage is `production`. Pure. */
import { type Finding, type Path, show } from '../problem.ts';
import type { EnvironmentDraft } from '../shape.ts';

export function checkProduction({ stage, table, api }: EnvironmentDraft): Finding[] {
  if (stage !== 'production') return [];
  const must = (path: Path, found: unknown, allowed: string): Finding => ({
    path,
    found: show(found),
    allowed: `${allowed}, as the stage is "production"`,
  });
  return [
    ...(table?.pointInTimeRecovery === false ? [must(['table', 'pointInTimeRecovery'], false, 'true')] : []),
    ...(table?.deletionProtection === false ? [must(['table', 'deletionProtection'], false, 'true')] : []),
    ...(table?.autoScaling === null ? [must(['table', 'autoScaling'], null, 'bounds of auto-scaling, not null')] : []),
    ...(api?.authorization === 'NONE' ? [must(['api', 'authorization'], 'NONE', '"AWS_IAM"')] : []),
  ];
}
