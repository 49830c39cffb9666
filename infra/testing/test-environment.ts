/** An environment for tests, with values no default would have. */
import type { EnvironmentConfig } from '../../environments/environment-config.ts';

const TEST_ENVIRONMENT: EnvironmentConfig = {
  name: 'test',
  stage: 'staging',
  account: '111122223333',
  region: 'eu-west-1',
  tags: { owner: 'owners', costCentre: 'centre', dataClassification: 'internal' },
  network: { cidr: '10.77.0.0/16', availabilityZones: ['eu-west-1a', 'eu-west-1b', 'eu-west-1c'], natGateways: 2 },
  functions: { memoryMb: 640, timeoutSeconds: 35 },
  table: {
    readCapacity: 7,
    writeCapacity: 9,
    autoScaling: null,
    pointInTimeRecovery: false,
    deletionProtection: true,
  },
  api: { authorization: 'AWS_IAM', throttle: { requestsPerSecond: 321, burst: 654 } },
  bucket: { retentionDays: 45 },
  queue: { retentionDays: 6, visibilityTimeoutSeconds: 215, maxReceiveCount: 5 },
  logs: { retentionDays: 90 },
  monitoring: { notificationEmails: ['one@example.com', 'two@example.com'] },
  promotion: { after: null, approval: false, freeze: null },
};

/** The test environment, with whole sections replaced. */
export const testEnvironment = (sections: Partial<EnvironmentConfig> = {}): EnvironmentConfig => ({
  ...TEST_ENVIRONMENT,
  ...sections,
});
