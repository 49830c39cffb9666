/**
 * The door: a REST API that checks a request's shape, throttles, logs each access and calls the intake function.
 */
import { RemovalPolicy, Validations } from 'aws-cdk-lib';
import {
  AccessLogFormat,
  AuthorizationType,
  CfnAccount,
  EndpointType,
  LambdaIntegration,
  LogGroupLogDestination,
  MethodLoggingLevel,
  ResponseType,
  RestApi,
} from 'aws-cdk-lib/aws-apigateway';
import { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import type { Construct } from 'constructs';
import { API_LOGS_ROLE, API_STAGE, resourceName } from '../../environments/naming.ts';
import { ManagedLogGroup } from '../constructs/managed-log-group.ts';
import { ACCESS_LOG_FIELDS, BAD_REQUEST_ANSWER, ORDER_SCHEMA } from '../constructs/order-api-contract.ts';
import { BaseStack, type BaseStackProps } from './base-stack.ts';

const AUTHORIZATION = { NONE: AuthorizationType.NONE, AWS_IAM: AuthorizationType.IAM };

export class ApiStack extends BaseStack {
  constructor(scope: Construct, id: string, props: BaseStackProps) {
    super(scope, id, { description: 'Order API of the trading platform', ...props });

    const api = this.restApi();
    this.logging(api);
    this.explainBadRequests(api);
    this.routes(api);
    this.limitEachKey(api);
    this.acknowledgeFindings(api);

    this.publish(
      'api-endpoint',
      `https://${api.restApiId}.execute-api.${this.region}.${this.urlSuffix}/${API_STAGE}`,
      'Where orders are posted, without a trailing slash',
    );
  }

  private restApi(): RestApi {
    const { name, api, logs } = this.environmentConfig;
    const restApiName = resourceName('trading-api', name);
    const accessLogs = new ManagedLogGroup(this, 'AccessLogs', {
      logGroupName: `/aws/apigateway/${restApiName}`,
      retentionDays: logs.retentionDays,
    });
    return new RestApi(this, 'Api', {
      restApiName,
      description: 'Takes orders and answers about them',
      endpointTypes: [EndpointType.REGIONAL],
      defaultMethodOptions: { authorizationType: AUTHORIZATION[api.authorization] },
      deployOptions: {
        stageName: API_STAGE,
        // The enforced limit, for all callers together.
        throttlingRateLimit: api.throttle.requestsPerSecond,
        throttlingBurstLimit: api.throttle.burst,
        metricsEnabled: true,
        tracingEnabled: true,
        loggingLevel: MethodLoggingLevel.ERROR,
        // Bodies carry orders: they belong into the table, not into a log.
        dataTraceEnabled: false,
        accessLogDestination: new LogGroupLogDestination(accessLogs),
        accessLogFormat: AccessLogFormat.custom(JSON.stringify(ACCESS_LOG_FIELDS)),
      },
    });
  }

  /**
   * API Gateway logs with one role for a whole account and region. Each environment names the same one, which
   * PipelineStack makes: two environments in one account can't take it from each other. Removing this resource
   * changes nothing in the account, says AWS; kept all the same, so that it need not be believed.
   * https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-apigateway-account.html
   */
  private logging(api: RestApi): void {
    const roleArn = this.formatArn({ service: 'iam', region: '', resource: 'role', resourceName: API_LOGS_ROLE });
    const account = new CfnAccount(this, 'LogsRole', { cloudWatchRoleArn: roleArn });
    account.applyRemovalPolicy(RemovalPolicy.RETAIN);
    // API Gateway would make this group by itself, and keep it for ever.
    const executionLogs = new ManagedLogGroup(this, 'ExecutionLogs', {
      logGroupName: `API-Gateway-Execution-Logs_${api.restApiId}/${API_STAGE}`,
      retentionDays: this.environmentConfig.logs.retentionDays,
    });
    api.deploymentStage.node.addDependency(account, executionLogs);
  }

  /** Passes the validator's words on: without them a caller reads "Invalid request body" and has to guess. */
  private explainBadRequests(api: RestApi): void {
    api.addGatewayResponse('BadRequestBody', {
      type: ResponseType.BAD_REQUEST_BODY,
      statusCode: '400',
      responseHeaders: { 'x-correlation-id': 'context.requestId' },
      templates: { 'application/json': BAD_REQUEST_ANSWER },
    });
  }

  private routes(api: RestApi): void {
    // `sameEnvironment`: the ARN comes from a parameter, so CDK can't see that the permission belongs into this stack.
    const intake = LambdaFunction.fromFunctionAttributes(this, 'OrderIntake', {
      functionArn: this.read('order-intake-alias-arn'),
      sameEnvironment: true,
    });
    const callIntake = new LambdaIntegration(intake, { allowTestInvoke: false });
    const order = api.addModel('Order', {
      description: 'What a caller sends to place an order',
      contentType: 'application/json',
      schema: ORDER_SCHEMA,
    });
    const requestValidator = api.addRequestValidator('Validator', {
      validateRequestBody: true,
      validateRequestParameters: true,
    });

    const orders = api.root.addResource('orders');
    orders.addMethod('POST', callIntake, { requestModels: { 'application/json': order }, requestValidator });
    orders.addResource('{orderId}').addMethod('GET', callIntake, {
      requestParameters: { 'method.request.path.orderId': true },
      requestValidator,
    });
    api.root.addResource('health').addMethod('GET', callIntake, { requestValidator });
  }

  /** A usage plan counts callers that send an API key, each by itself; the stage's limit holds for all of them. */
  private limitEachKey(api: RestApi): void {
    const { name, api: config } = this.environmentConfig;
    api.addUsagePlan('UsagePlan', {
      name: resourceName('trading-api', name),
      description: 'The limit per API key',
      throttle: { rateLimit: config.throttle.requestsPerSecond, burstLimit: config.throttle.burst },
      apiStages: [{ stage: api.deploymentStage }],
    });
  }

  private acknowledgeFindings(api: RestApi): void {
    Validations.of(api).acknowledge(
      { id: 'AwsSolutions-COG4', reason: 'Callers are services that sign with IAM, not people with user accounts.' },
      {
        id: 'AwsSolutions-APIG3',
        reason: 'No web page is behind it: the schema and the throttle refuse what a firewall would.',
      },
    );
    if (this.environmentConfig.api.authorization !== 'NONE') return;
    Validations.of(api).acknowledge({
      id: 'AwsSolutions-APIG4',
      reason: 'The configuration opens this environment to plain curl; it refuses that in production.',
    });
  }
}
