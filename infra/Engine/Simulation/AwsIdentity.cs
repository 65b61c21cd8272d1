namespace HaCluster.Engine.Simulation;

/// <summary>
/// How a type of AWS resource is identified: templates of its id, its ARN and the property that gets an automatic name.
/// In braces: <c>hexN</c>, <c>uuid</c> and <c>digitsN</c> are made up; <c>id</c>, <c>partition</c>, <c>region</c>, <c>account</c> and
/// <c>logical</c> are the resource's; anything else is one of its properties.
/// (ARNs: https://docs.aws.amazon.com/service-authorization/latest/reference/reference_policies_actions-resources-contextkeys.html)
/// </summary>
internal sealed record AwsIdentity(string Id, string? Arn = null, string ArnProperty = "arn", string NameProperty = "name")
{
    private const string Ec2 = "arn:{partition}:ec2:{region}:{account}:";
    private const string Eks = "arn:{partition}:eks:{region}:{account}:";
    private const string Balancing = "arn:{partition}:elasticloadbalancing:{region}:{account}:";
    private const string Rds = "arn:{partition}:rds:{region}:{account}:";
    private const string Iam = "arn:{partition}:iam::{account}:";

    private static readonly Dictionary<string, AwsIdentity> Known = new(StringComparer.Ordinal)
    {
        ["aws:acm/certificate:Certificate"] = new("{arn}", "arn:{partition}:acm:{region}:{account}:certificate/{uuid}"),
        ["aws:acm/certificateValidation:CertificateValidation"] = new("{certificateArn}"),
        ["aws:arczonalshift/zonalAutoshiftConfiguration:ZonalAutoshiftConfiguration"] = new("{resourceArn}"),
        ["aws:autoscaling/tag:Tag"] = new("{autoscalingGroupName},{tag.key}"),
        ["aws:cloudwatch/metricAlarm:MetricAlarm"] = new("{name}", "arn:{partition}:cloudwatch:{region}:{account}:alarm:{name}"),
        ["aws:cloudwatch/logGroup:LogGroup"] = new("{name}", "arn:{partition}:logs:{region}:{account}:log-group:{name}"),
        ["aws:ec2/defaultSecurityGroup:DefaultSecurityGroup"] = new("sg-{hex17}", Ec2 + "security-group/{id}"),
        ["aws:ec2/eip:Eip"] = new("eipalloc-{hex17}", Ec2 + "elastic-ip/{id}"),
        ["aws:ec2/flowLog:FlowLog"] = new("fl-{hex17}", Ec2 + "vpc-flow-log/{id}"),
        ["aws:ec2/internetGateway:InternetGateway"] = new("igw-{hex17}", Ec2 + "internet-gateway/{id}"),
        ["aws:ec2/launchTemplate:LaunchTemplate"] = new("lt-{hex17}", Ec2 + "launch-template/{id}"),
        ["aws:ec2/natGateway:NatGateway"] = new("nat-{hex17}"),
        ["aws:ec2/route:Route"] = new("r-{routeTableId}{digits10}"),
        ["aws:ec2/routeTable:RouteTable"] = new("rtb-{hex17}", Ec2 + "route-table/{id}"),
        ["aws:ec2/routeTableAssociation:RouteTableAssociation"] = new("rtbassoc-{hex17}"),
        ["aws:ec2/securityGroup:SecurityGroup"] = new("sg-{hex17}", Ec2 + "security-group/{id}"),
        ["aws:ec2/subnet:Subnet"] = new("subnet-{hex17}", Ec2 + "subnet/{id}"),
        ["aws:ec2/tag:Tag"] = new("{resourceId},{key}"),
        ["aws:ec2/vpc:Vpc"] = new("vpc-{hex17}", Ec2 + "vpc/{id}"),
        ["aws:ec2/vpcEndpoint:VpcEndpoint"] = new("vpce-{hex17}", Ec2 + "vpc-endpoint/{id}"),
        ["aws:ec2/vpcEndpointRouteTableAssociation:VpcEndpointRouteTableAssociation"] = new("a-{vpcEndpointId}{digits10}"),
        ["aws:eks/accessEntry:AccessEntry"] =
            new("{clusterName}:{principalArn}", Eks + "access-entry/{clusterName}/role/{account}/{logical}/{uuid}", "accessEntryArn"),
        ["aws:eks/accessPolicyAssociation:AccessPolicyAssociation"] = new("{clusterName}#{principalArn}#{policyArn}"),
        ["aws:eks/addon:Addon"] = new("{clusterName}:{addonName}", Eks + "addon/{clusterName}/{addonName}/{uuid}"),
        ["aws:eks/cluster:Cluster"] = new("{name}", Eks + "cluster/{name}"),
        ["aws:eks/nodeGroup:NodeGroup"] = new(
            "{clusterName}:{nodeGroupName}", Eks + "nodegroup/{clusterName}/{nodeGroupName}/{uuid}", NameProperty: "nodeGroupName"),
        ["aws:eks/podIdentityAssociation:PodIdentityAssociation"] =
            new("a-{hex17}", Eks + "podidentityassociation/{clusterName}/{id}", "associationArn"),
        ["aws:iam/instanceProfile:InstanceProfile"] = new("{name}", Iam + "instance-profile{path}{name}"),
        ["aws:iam/openIdConnectProvider:OpenIdConnectProvider"] = new("{arn}", Iam + "oidc-provider/{issuer}"),
        ["aws:iam/policy:Policy"] = new("{arn}", Iam + "policy{path}{name}"),
        ["aws:iam/role:Role"] = new("{name}", Iam + "role{path}{name}"),
        ["aws:iam/rolePolicy:RolePolicy"] = new("{role}:{name}"),
        ["aws:iam/rolePolicyAttachment:RolePolicyAttachment"] = new("{role}-{hex26}"),
        ["aws:kms/alias:Alias"] = new("{name}", "arn:{partition}:kms:{region}:{account}:{name}"),
        ["aws:kms/key:Key"] = new("{uuid}", "arn:{partition}:kms:{region}:{account}:key/{id}"),
        ["aws:lb/listener:Listener"] = new("{arn}", Balancing + "listener/app/{logical}/{hex16}/{hex16}"),
        ["aws:lb/listenerCertificate:ListenerCertificate"] = new("{listenerArn}_{certificateArn}"),
        ["aws:lb/loadBalancer:LoadBalancer"] = new("{arn}", Balancing + "loadbalancer/app/{name}/{hex16}"),
        ["aws:lb/targetGroup:TargetGroup"] = new("{arn}", Balancing + "targetgroup/{name}/{hex16}"),
        ["aws:opensearchingest/pipeline:Pipeline"] = new(
            "{pipelineName}", "arn:{partition}:osis:{region}:{account}:pipeline/{pipelineName}", "pipelineArn", NameProperty: "pipelineName"),
        ["aws:rds/cluster:Cluster"] = new("{clusterIdentifier}", Rds + "cluster:{clusterIdentifier}", NameProperty: "clusterIdentifier"),
        ["aws:rds/clusterInstance:ClusterInstance"] = new("{identifier}", Rds + "db:{identifier}", NameProperty: "identifier"),
        ["aws:rds/clusterParameterGroup:ClusterParameterGroup"] = new("{name}", Rds + "cluster-pg:{name}"),
        ["aws:rds/eventSubscription:EventSubscription"] = new("{name}", Rds + "es:{name}"),
        ["aws:rds/parameterGroup:ParameterGroup"] = new("{name}", Rds + "pg:{name}"),
        ["aws:rds/proxy:Proxy"] = new("{name}", Rds + "db-proxy:prx-{hex17}"),
        ["aws:rds/proxyDefaultTargetGroup:ProxyDefaultTargetGroup"] = new("{dbProxyName}", Rds + "target-group:prx-tg-{hex17}"),
        ["aws:rds/proxyEndpoint:ProxyEndpoint"] =
            new("{dbProxyName}/{dbProxyEndpointName}", Rds + "db-proxy-endpoint:prx-endpoint-{hex17}", NameProperty: "dbProxyEndpointName"),
        ["aws:rds/proxyTarget:ProxyTarget"] = new("{dbProxyName}/{targetGroupName}/TRACKED_CLUSTER/{dbClusterIdentifier}"),
        ["aws:rds/subnetGroup:SubnetGroup"] = new("{name}", Rds + "subgrp:{name}"),
        ["aws:route53/record:Record"] = new("{zoneId}_{name}_{type}"),
        ["aws:secretsmanager/secretRotation:SecretRotation"] = new("{secretId}"),
        ["aws:sqs/queue:Queue"] = new("https://sqs.{region}.amazonaws.com/{account}/{name}", "arn:{partition}:sqs:{region}:{account}:{name}"),
        ["aws:sqs/queuePolicy:QueuePolicy"] = new("{queueUrl}"),
        ["aws:wafv2/webAcl:WebAcl"] = new("{uuid}", "arn:{partition}:wafv2:{region}:{account}:regional/webacl/{name}/{id}"),
        ["aws:wafv2/webAclAssociation:WebAclAssociation"] = new("{webAclArn},{resourceArn}"),
        ["aws:wafv2/webAclLoggingConfiguration:WebAclLoggingConfiguration"] = new("{resourceArn}"),
        ["aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule"] = new("sgr-{hex17}", Ec2 + "security-group-rule/{id}"),
        ["aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule"] = new("sgr-{hex17}", Ec2 + "security-group-rule/{id}"),
    };

    /// <summary>The identity of a type; for one that is not listed, something in its likeness.</summary>
    public static AwsIdentity Of(string type)
    {
        if (Known.TryGetValue(type, out var known))
            return known;
        var module = type.Split(':')[1];
        var service = module.Split('/')[0];
        var kind = module.Split('/')[^1].ToLowerInvariant();
        return new AwsIdentity($"{kind}-{{hex17}}", $"arn:{{partition}}:{service}:{{region}}:{{account}}:{kind}/{{id}}");
    }
}
