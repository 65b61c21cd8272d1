namespace HaCluster.Account.Wire;

/// <summary>
/// An AWS service as the pipeline needs to know it; the values are those of the service models (github.com/aws/aws-sdk-net,
/// generator/ServiceModels).
/// </summary>
/// <param name="Id">The service id, from which <c>AWS_ENDPOINT_URL_...</c> is named.</param>
/// <param name="Prefix">Of the host name; also the name that is signed for.</param>
/// <param name="Version">Of the API; the Query protocol sends it along.</param>
internal sealed record AwsService(string Id, string Prefix, string Version)
{
    public static readonly AwsService AutoScaling = new("Auto Scaling", "autoscaling", "2011-01-01");
    public static readonly AwsService CloudWatch = new("CloudWatch", "monitoring", "2010-08-01");
    public static readonly AwsService Ec2 = new("EC2", "ec2", "2016-11-15");
    public static readonly AwsService Ecr = new("ECR", "ecr", "2015-09-21") { Target = "AmazonEC2ContainerRegistry_V20150921", Host = "api.ecr" };
    public static readonly AwsService Eks = new("EKS", "eks", "2017-11-01");
    public static readonly AwsService Iam = new("IAM", "iam", "2010-05-08") { IsGlobal = true };
    public static readonly AwsService LoadBalancing = new("Elastic Load Balancing v2", "elasticloadbalancing", "2015-12-01");
    public static readonly AwsService Logs = new("CloudWatch Logs", "logs", "2014-03-28") { Target = "Logs_20140328" };
    public static readonly AwsService OpenSearch = new("OpenSearch", "es", "2021-01-01");
    public static readonly AwsService Rds = new("RDS", "rds", "2014-10-31");
    public static readonly AwsService S3 = new("S3", "s3", "2006-03-01");
    public static readonly AwsService ServiceQuotas = new("Service Quotas", "servicequotas", "2019-06-24") { Target = "ServiceQuotasV20190624" };
    public static readonly AwsService Sts = new("STS", "sts", "2011-06-15");

    public static readonly AwsService ZonalShift = new("ARC Zonal Shift", "arc-zonal-shift", "2022-10-30");

    /// <summary>Where the host name begins otherwise than the name that is signed for.</summary>
    public string Host { get => field ?? Prefix; init; }

    /// <summary>One endpoint for all regions.</summary>
    public bool IsGlobal { get; init; }

    /// <summary>Prefix of the operation in <c>X-Amz-Target</c>; null if the protocol has no such header.</summary>
    public string? Target { get; init; }
}
