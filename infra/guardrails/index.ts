import type { App } from 'aws-cdk-lib';
export function addGuardrails(_app: App): void {}
