// npm install aws-cdk aws-cdk-lib constructs; npx cdk synth --app "node app.js"
const { App, RemovalPolicy, Stack, aws_lambda: lambda, aws_logs: logs, aws_s3: s3 } = require("aws-cdk-lib");

const app = new App();
const stack = new Stack(app, "Shop", { env: { region: "eu-west-1", account: "123456789012" } });
const node = { runtime: lambda.Runtime.NODEJS_22_X, handler: "index.handler", code: lambda.Code.fromInline("1") };

new lambda.Function(stack, "Traced", {
  ...node,
  adotInstrumentation: {
    layerVersion: lambda.AdotLayerVersion.fromJavaScriptSdkLayerVersion(
      lambda.AdotLambdaLayerJavaScriptSdkVersion.LATEST,
    ),
    execWrapper: lambda.AdotLambdaExecWrapper.REGULAR_HANDLER,
  },
});
new lambda.Function(stack, "Mail", { ...node, runtime: lambda.Runtime.PYTHON_3_13 });
const orders = new lambda.Function(stack, "Orders", {
  ...node,
  insightsVersion: lambda.LambdaInsightsVersion.VERSION_1_0_229_0,
});
orders.addAlias("live", { provisionedConcurrentExecutions: 1 });
const logGroup = new logs.LogGroup(stack, "Rare", { logGroupClass: logs.LogGroupClass.INFREQUENT_ACCESS });
new lambda.Function(stack, "Clicks", { ...node, logGroup });
new s3.Bucket(stack, "Files", { autoDeleteObjects: true, removalPolicy: RemovalPolicy.DESTROY });
app.synth();
