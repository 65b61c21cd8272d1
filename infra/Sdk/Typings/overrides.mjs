// What the official C# packages decide on their own and the typings therefore cannot tell. Every line was read in the
// official C# sources; a new resource whose C# property would have the name of its class fails the build until it is here.

/** Per package: `language.csharp` of the schema. */
export const csharp = {
  aws: {
    compatibility: 'tfbridge20',
    // Module -> C# namespace, for every module that a listed resource reaches; the script asks for those that are missing.
    namespaces: {
      acm: 'Acm',
      arczonalshift: 'ArcZonalShift',
      autoscaling: 'AutoScaling',
      aws: 'Aws',
      cloudwatch: 'CloudWatch',
      ec2: 'Ec2',
      ecr: 'Ecr',
      eks: 'Eks',
      iam: 'Iam',
      kinesis: 'Kinesis',
      kms: 'Kms',
      lb: 'LB',
      opensearch: 'OpenSearch',
      opensearchingest: 'OpenSearchIngest',
      rds: 'Rds',
      route53: 'Route53',
      s3: 'S3',
      secretsmanager: 'SecretsManager',
      sns: 'Sns',
      sqs: 'Sqs',
      vpc: 'Vpc',
      wafv2: 'WafV2',
    },
  },
  kubernetes: {
    compatibility: 'kubernetes20',
    // '' is the module of the types that belong to the provider itself.
    namespaces: {
      '': 'Provider',
      'admissionregistration.k8s.io/v1': 'AdmissionRegistration.V1',
      'apps/v1': 'Apps.V1',
      'autoscaling/v2': 'Autoscaling.V2',
      'batch/v1': 'Batch.V1',
      'core/v1': 'Core.V1',
      'helm.sh/v3': 'Helm.V3',
      'kubernetes': 'Kubernetes',
      'meta/v1': 'Meta.V1',
      'networking.k8s.io/v1': 'Networking.V1',
      'policy/v1': 'Policy.V1',
      'rbac.authorization.k8s.io/v1': 'Rbac.V1',
      'scheduling.k8s.io/v1': 'Scheduling.V1',
      'scheduling.k8s.io/v1alpha3': 'Scheduling.V1Alpha3',
      'storage.k8s.io/v1': 'Storage.V1',
    },
  },
};

/** The function that finds the module in a token, as the schema's `meta.moduleFormat` writes it. */
export const moduleFormats = { aws: '(.*)(?:/[^/]*)', kubernetes: '(.*)' };

/** Token -> wire name -> C# property name. */
export const propertyNames = {
  'aws:autoscaling/tag:Tag': { tag: 'TagDetails' },
  'aws:ecr/replicationConfiguration:ReplicationConfiguration': { replicationConfiguration: 'ReplicationConfigurationDetails' },
  'aws:iam/policy:Policy': { policy: 'PolicyDocument' },
  'aws:s3/bucket:Bucket': { bucket: 'BucketName' },
  'kubernetes:core/v1:ContainerPort': { containerPort: 'ContainerPortValue' },
  'pulumi:providers:kubernetes': { kubeconfig: 'KubeConfig' },
};

/** The typings say `number` for both; these are `double` in C#, all others `int`. */
export const doubles = {
  'aws:cloudwatch/metricAlarm:MetricAlarm': ['threshold'],
  'aws:ec2/LaunchTemplateInstanceRequirementsMemoryGibPerVcpu:LaunchTemplateInstanceRequirementsMemoryGibPerVcpu': ['max', 'min'],
  'aws:ec2/LaunchTemplateInstanceRequirementsNetworkBandwidthGbps:LaunchTemplateInstanceRequirementsNetworkBandwidthGbps': ['max', 'min'],
  'aws:ec2/LaunchTemplateInstanceRequirementsTotalLocalStorageGb:LaunchTemplateInstanceRequirementsTotalLocalStorageGb': ['max', 'min'],
  'aws:kinesis/FirehoseDeliveryStreamExtendedS3ConfigurationDataFormatConversionConfigurationOutputFormatConfigurationSerializerOrcSerDe:FirehoseDeliveryStreamExtendedS3ConfigurationDataFormatConversionConfigurationOutputFormatConfigurationSerializerOrcSerDe':
    ['bloomFilterFalsePositiveProbability', 'paddingTolerance'],
  'aws:rds/ClusterServerlessv2ScalingConfiguration:ClusterServerlessv2ScalingConfiguration': ['maxCapacity', 'minCapacity'],
  'kubernetes:index:KubeClientSettings': ['qps'],
};

/** Free-form JSON, `any` in the typings: `JsonElement` and `InputJson` in C#. */
export const json = { 'kubernetes:meta/v1:ManagedFieldsEntry': ['fieldsV1'] };

/** Secrets inside nested types, which the Node package does not mark. */
export const nestedSecrets = { 'kubernetes:helm.sh/v3:RepositoryOpts': ['password'] };

/**
 * Token -> the only properties taken. A statement of a firewall rule may hold others, three deep, and each of their combinations is a type of its
 * own: 590 types, as many again as everything else, of which the program needs two.
 */
export const taken = {
  'aws:wafv2/WebAclRuleStatement:WebAclRuleStatement': ['managedRuleGroupStatement', 'rateBasedStatement'],
  'aws:wafv2/WebAclRuleStatementManagedRuleGroupStatement:WebAclRuleStatementManagedRuleGroupStatement': ['name', 'ruleActionOverrides', 'vendorName', 'version'],
  'aws:wafv2/WebAclRuleStatementRateBasedStatement:WebAclRuleStatementRateBasedStatement':
    ['aggregateKeyType', 'evaluationWindowSec', 'forwardedIpConfig', 'limit'],
};
