using HaCluster.Planning.Policies;
using HaCluster.Planning.Tests.Graphs;

namespace HaCluster.Planning.Tests.Policies;

/// <summary>
/// What is public, as AWS publishes it. S3: https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-control-block-public-access.html
/// ("The meaning of public"), every example of the page and its list of keys; operators:
/// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html.
/// </summary>
public sealed class PublicAccessTests
{
    private const string Policy = "iam-no-public-principal";
    private const string Bucket = "aws:s3/bucketPolicy:BucketPolicy";

    public static TheoryData<string, bool> ExamplesOfThePage => new()
    {
        // "The following example policies are considered public."
        { """{"Principal":{"Federated":"graph.facebook.com"},"Resource":"*","Action":"s3:PutObject","Effect":"Allow"}""", true },
        { """{"Principal":"*","Resource":"*","Action":"s3:PutObject","Effect":"Allow"}""", true },
        { Everyone("""{"StringLike":{"aws:SourceVpc":"vpc-*"}}"""), true },
        // "You can make the last policy non-public by setting aws:SourceVpc to a fixed value."
        { Everyone("""{"StringEquals":{"aws:SourceVpc":"vpc-91237329"}}"""), false },
        // "... very broad IP ranges (for example, 0.0.0.0/1) ... broader than /8 for IPv4 and /32 for IPv6 (excluding RFC1918 private ranges)"
        { Everyone("""{"IpAddress":{"aws:SourceIp":"0.0.0.0/1"}}"""), true },
        { Everyone("""{"IpAddress":{"aws:SourceIp":"54.0.0.0/7"}}"""), true },
        { Everyone("""{"IpAddress":{"aws:SourceIp":"54.0.0.0/8"}}"""), false },
        { Everyone("""{"IpAddress":{"aws:SourceIp":"2001:db8::/31"}}"""), true },
        { Everyone("""{"IpAddress":{"aws:SourceIp":"2001:db8::/32"}}"""), false },
        { Everyone("""{"IpAddress":{"aws:SourceIp":["10.0.0.0/8","192.168.0.0/16"]}}"""), false },
        // The list of keys, each with a fixed value.
        { Everyone("""{"StringEquals":{"aws:PrincipalOrgID":"o-a1b2c3d4e5"}}"""), false },
        { Everyone("""{"ArnEquals":{"aws:SourceArn":"arn:aws:sns:eu-central-1:123456789012:topic"}}"""), false },
        { Everyone("""{"StringEquals":{"aws:SourceVpce":"vpce-1a2b3c4d"}}"""), false },
        { Everyone("""{"StringEquals":{"aws:SourceOwner":"123456789012"}}"""), false },
        { Everyone("""{"StringEquals":{"aws:SourceAccount":"123456789012"}}"""), false },
        { Everyone("""{"StringEquals":{"s3:x-amz-server-side-encryption-aws-kms-key-id":"arn:aws:kms:eu-central-1:123456789012:key/a"}}"""), false },
        { Everyone("""{"StringEquals":{"aws:userid":"AIDAEXAMPLE"}}"""), false },
        { Everyone("""{"StringLike":{"aws:userid":"AROAEXAMPLE:*"}}"""), true },
        { Everyone("""{"StringEquals":{"s3:DataAccessPointAccount":"123456789012"}}"""), false },
        { Everyone("""{"StringLike":{"s3:DataAccessPointArn":"arn:aws:s3:us-west-2:123456789012:accesspoint/*"}}"""), false },
        { Everyone("""{"StringLike":{"s3:DataAccessPointArn":"arn:aws:s3:us-west-2:*:accesspoint/*"}}"""), true },
        // "fixed values (values that don't contain a wildcard or a policy variable)"
        { Everyone("""{"StringEquals":{"aws:SourceVpc":"${aws:SourceVpc}"}}"""), true },
        { Everyone("""{"ArnLike":{"aws:SourceArn":"arn:aws:sns:*:*:topic"}}"""), true },
        // "A statement that grants access to AWS CloudTrail" and to another account.
        { """{"Principal":{"Service":"cloudtrail.amazonaws.com"},"Resource":"*","Action":"s3:PutObject","Effect":"Allow"}""", false },
        { """{"Principal":{"AWS":"arn:aws:iam::111122223333:root"},"Resource":"*","Action":"s3:PutObject","Effect":"Allow"}""", false },
    };

    /// <summary>Conditions that look like protection: what differs from the next line is their strength alone.</summary>
    public static TheoryData<string, bool> Pairs => new()
    {
        { Everyone("""{"StringEquals":{"aws:PrincipalOrgID":["o-a","o-b"]}}"""), false },
        { Everyone("""{"StringEquals":{"aws:PrincipalOrgID":["o-a","*"]}}"""), true },
        { Everyone("""{"stringequals":{"AWS:principalorgid":"o-a"}}"""), false },
        { Everyone("""{"StringEqualsIfExists":{"aws:PrincipalOrgID":"o-a"}}"""), true },
        { Everyone("""{"ForAllValues:StringEquals":{"aws:PrincipalOrgID":"o-a"}}"""), true },
        { Everyone("""{"ForAnyValue:StringEquals":{"aws:PrincipalOrgID":"o-a"}}"""), false },
        { Everyone("""{"StringNotEquals":{"aws:PrincipalOrgID":"o-a"}}"""), true },
        { Everyone("""{"StringLike":{"aws:PrincipalOrgID":"*"}}"""), true },
        { Everyone("""{"StringLike":{"aws:PrincipalOrgID":"o-?????"}}"""), true },
        { Everyone("""{"Null":{"aws:PrincipalOrgID":"false"}}"""), true },
        { Everyone("""{"ForAnyValue:StringLike":{"aws:PrincipalOrgPaths":"o-a1b2c3d4e5/*"}}"""), false },
        { Everyone("""{"ForAnyValue:StringLike":{"aws:PrincipalOrgPaths":"o-*/r-ab12/*"}}"""), true },
        { Everyone("""{"Bool":{"aws:SecureTransport":"true"}}"""), true },
        { Everyone("""{"Bool":{"aws:MultiFactorAuthPresent":true}}"""), true },
        { Everyone("""{"DateLessThan":{"aws:CurrentTime":"2030-01-01T00:00:00Z"}}"""), true },
        { Everyone("""{"StringLike":{"aws:UserAgent":"secret"}}"""), true },
        { Everyone("""{"StringEquals":{"aws:Referer":"https://example.com"}}"""), true },
        { Everyone("""{"StringEquals":{"aws:PrincipalTag/team":"blue"}}"""), true },
        { Everyone("""{"Bool":{"aws:PrincipalIsAWSService":"true"}}"""), true },
        { Everyone("""{"IpAddress":{"aws:SourceIp":["0.0.0.0/1","128.0.0.0/1"]}}"""), true },
        { Everyone("""{"IpAddress":{"aws:SourceIp":["203.0.113.0/24","::/0"]}}"""), true },
        { Everyone("""{"IpAddress":{"aws:SourceIp":["203.0.113.0/24","2001:db8:1::/48"]}}"""), false },
        { Everyone("""{"NotIpAddress":{"aws:SourceIp":"203.0.113.0/24"}}"""), true },
        { Everyone("""{"IpAddress":{"aws:SourceIp":"office"}}"""), true },
        { Everyone("""{"IpAddress":{"aws:VpcSourceIp":"10.0.0.0/24"}}"""), true },
        // All lines of a block must hold, so that one is enough.
        { Everyone("""{"StringLike":{"aws:PrincipalArn":"*"},"StringEquals":{"aws:SourceAccount":"123456789012"}}"""), false },
        // Other ways to write everyone.
        { """{"Principal":{"AWS":"*"},"Resource":"*","Action":"s3:GetObject","Effect":"Allow"}""", true },
        { """{"Principal":{"AWS":["arn:aws:iam::123456789012:root","*"]},"Resource":"*","Action":"s3:GetObject","Effect":"Allow"}""", true },
        { """{"Principal":{"AWS":"arn:aws:iam::*:root"},"Resource":"*","Action":"s3:GetObject","Effect":"Allow"}""", true },
        { """{"NotPrincipal":{"AWS":"arn:aws:iam::123456789012:root"},"Resource":"*","Action":"s3:GetObject","Effect":"Allow"}""", true },
        { """{"NotPrincipal":{"AWS":"arn:aws:iam::123456789012:root"},"Resource":"*","Action":"s3:GetObject","Effect":"Deny"}""", false },
    };

    [Theory]
    [MemberData(nameof(ExamplesOfThePage))]
    [MemberData(nameof(Pairs))]
    public void A_policy_is_public_when_AWS_says_so(string statement, bool isPublic)
    {
        var graph = new GraphBuilder();
        graph.Resource(Bucket, "it", new { policy = $$"""{"Version":"2012-10-17","Statement":[{{statement}}]}""" });
        var result = Checked.Of(Policy, graph.Build());
        Assert.Equal(isPublic ? PolicyStatus.Violated : PolicyStatus.Holds, result.Status);
    }

    /// <summary>"How Amazon S3 evaluates a bucket policy that contains both": the third statement makes the whole public.</summary>
    [Fact]
    public void One_public_statement_of_three_is_enough_and_named() =>
        Assert.Equal(
            ["BucketPolicy it: policy, statement 3 allows everyone, without a condition"],
            Checked.Problems(Policy, Bucket, new
            {
                policy = """
                    {"Statement":[
                      {"Effect":"Allow","Principal":{"Service":"cloudtrail.amazonaws.com"},"Action":"s3:PutObject","Resource":"*"},
                      {"Effect":"Allow","Principal":{"AWS":"arn:aws:iam::111122223333:root"},"Action":"s3:GetObject","Resource":"*"},
                      {"Effect":"Allow","Principal":"*","Action":"s3:GetObject","Resource":"*"}]}
                    """,
            }));

    [Fact]
    public void The_reason_says_what_each_condition_leaves_open() =>
        Assert.Equal(
            [
                "BucketPolicy it: policy, statement 1 allows everyone: aws:SecureTransport does not identify the caller; "
                    + "aws:SourceIp is most of the internet (0.0.0.0/1)",
            ],
            Checked.Problems(Policy, Bucket, new
            {
                policy = $$"""{"Statement":{{Everyone("""{"Bool":{"aws:SecureTransport":"true"},"IpAddress":{"aws:SourceIp":["0.0.0.0/1","128.0.0.0/1"]}}""")}} }""",
            }));

    /// <summary>"An access point policy that grants access using s3:DataAccessPointArn is considered public."</summary>
    [Theory]
    [InlineData(Bucket, false)]
    [InlineData("aws:s3control/accessPointPolicy:AccessPointPolicy", true)]
    public void An_access_point_is_judged_more_strictly_than_a_bucket(string type, bool isPublic) =>
        Assert.Equal(isPublic ? 1 : 0, Checked.Problems(Policy, type, new
        {
            policy = $$"""{"Statement":{{Everyone("""{"StringLike":{"s3:DataAccessPointArn":"arn:aws:s3:us-west-2:123456789012:accesspoint/*"}}""")}} }""",
        }).Length);

    /// <summary>https://docs.aws.amazon.com/kms/latest/developerguide/conditions-kms.html#conditions-kms-caller-account: how AWS writes the policies of its own keys.</summary>
    [Theory]
    [InlineData("""{"StringEquals":{"kms:CallerAccount":"123456789012","kms:ViaService":"ec2.eu-central-1.amazonaws.com"}}""", false)]
    [InlineData("""{"StringEquals":{"kms:ViaService":"ec2.eu-central-1.amazonaws.com"}}""", true)]
    public void A_key_policy_names_the_account_not_only_the_service(string condition, bool isPublic) =>
        Assert.Equal(isPublic ? 1 : 0, Checked.Problems(Policy, "aws:kms/key:Key", new { policy = $$"""{"Statement":{{Everyone(condition, "kms:Decrypt")}} }""" }).Length);

    /// <summary>
    /// https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_create_for-idp_oidc.html,
    /// https://docs.aws.amazon.com/eks/latest/userguide/associate-service-account-role.html.
    /// </summary>
    [Theory]
    [InlineData("token.actions.githubusercontent.com", """{"StringEquals":{"PROVIDER:sub":"repo:acme/shop:ref:refs/heads/main","PROVIDER:aud":"sts.amazonaws.com"}}""", false)]
    [InlineData("token.actions.githubusercontent.com", """{"StringLike":{"PROVIDER:sub":"repo:acme/*"}}""", false)]
    [InlineData("token.actions.githubusercontent.com", """{"StringLike":{"PROVIDER:sub":"repo:acme*"}}""", true)]
    [InlineData("token.actions.githubusercontent.com", """{"StringLike":{"PROVIDER:sub":"repo:*"}}""", true)]
    [InlineData("token.actions.githubusercontent.com", """{"StringLike":{"PROVIDER:sub":["repo:acme/shop:*","*"]}}""", true)]
    [InlineData("token.actions.githubusercontent.com", """{"StringEquals":{"PROVIDER:aud":"sts.amazonaws.com"}}""", true)]
    [InlineData("token.actions.githubusercontent.com", """{"StringEqualsIfExists":{"PROVIDER:sub":"repo:acme/shop:ref:refs/heads/main"}}""", true)]
    [InlineData("token.actions.githubusercontent.com", "{}", true)]
    [InlineData("gitlab.com", """{"StringLike":{"PROVIDER:sub":"project_path:acme/shop:ref_type:branch:ref:*"}}""", false)]
    [InlineData("gitlab.com", """{"StringLike":{"PROVIDER:sub":"project_path:*"}}""", true)]
    [InlineData("gitlab.com", """{"StringEquals":{"PROVIDER:aud":"https://gitlab.com"}}""", true)]
    [InlineData("gitlab.example.com", """{"StringEquals":{"PROVIDER:aud":"aws"}}""", false)]
    [InlineData("gitlab.example.com", "{}", true)]
    [InlineData("oidc.eks.eu-central-1.amazonaws.com/id/ABC", """{"StringEquals":{"PROVIDER:sub":"system:serviceaccount:platform:velero"}}""", false)]
    [InlineData("oidc.eks.eu-central-1.amazonaws.com/id/ABC", """{"StringLike":{"PROVIDER:sub":"system:serviceaccount:platform:*"}}""", false)]
    [InlineData("oidc.eks.eu-central-1.amazonaws.com/id/ABC", """{"StringLike":{"PROVIDER:sub":"system:serviceaccount:*:velero"}}""", true)]
    [InlineData("oidc.eks.eu-central-1.amazonaws.com/id/ABC", """{"StringEquals":{"PROVIDER:aud":"sts.amazonaws.com"}}""", true)]
    public void A_trusted_identity_provider_needs_a_subject(string provider, string condition, bool isPublic)
    {
        var policy = $$$"""
            {"Statement":{"Effect":"Allow","Action":"sts:AssumeRoleWithWebIdentity","Principal":{"Federated":"arn:aws:iam::123456789012:oidc-provider/{{{provider}}}"},
             "Condition":{{{condition.Replace("PROVIDER", provider, StringComparison.Ordinal)}}}}}
            """;
        var graph = new GraphBuilder();
        graph.Resource("aws:iam/role:Role", "ci", new { assumeRolePolicy = policy });
        Assert.Equal(isPublic ? PolicyStatus.Violated : PolicyStatus.Holds, Checked.Of(Policy, graph.Build()).Status);
    }

    [Theory]
    [InlineData("aws:s3/bucket:Bucket", """{"acl":"private"}""", """{"acl":"public-read"}""", "acl is public-read")]
    [InlineData("aws:s3/bucketAcl:BucketAcl", """{"acl":"log-delivery-write"}""", """{"acl":"authenticated-read"}""", "acl is authenticated-read")]
    [InlineData(
        "aws:s3/bucketAcl:BucketAcl",
        """{"accessControlPolicy":{"grants":[{"grantee":{"uri":"http://acs.amazonaws.com/groups/s3/LogDelivery"}}]}}""",
        """{"accessControlPolicy":{"grants":[{"grantee":{"uri":"http://acs.amazonaws.com/groups/global/AllUsers"}}]}}""",
        "grants everyone access by its ACL")]
    [InlineData("aws:lambda/functionUrl:FunctionUrl", """{"authorizationType":"AWS_IAM"}""", """{"authorizationType":"NONE"}""", "authorizationType is NONE: everyone on the internet may call it")]
    [InlineData(
        "aws:lambda/permission:Permission",
        """{"principal":"*","principalOrgId":"o-a"}""",
        """{"principal":"*","sourceArn":"arn:aws:s3:::*"}""",
        "principal is *, and neither principalOrgId nor sourceAccount nor sourceArn is a fixed value")]
    [InlineData("aws:ec2/amiLaunchPermission:AmiLaunchPermission", """{"accountId":"123456789012"}""", """{"group":"all"}""", "group is all: every account may start the image")]
    public void What_is_granted_without_a_document_counts_too(string type, string strong, string weak, string problem)
    {
        Assert.Empty(Checked.Problems(Policy, type, Json.Of(strong)));
        Assert.Equal([$"{type[(type.LastIndexOf(':') + 1)..]} it: {problem}"], Checked.Problems(Policy, type, Json.Of(weak)));
    }

    [Theory]
    [InlineData("""{"Statement":{"Effect":"Allow","Principal":"*","Action":"s3:GetObject","Resource":"*","Condition":{"StringMatches":{"aws:SourceVpc":"vpc-1"}}}}""", PolicyStatus.Violated)]
    [InlineData("""{"Statement":{"Effect":"Allow","Principal":{"AWS":"123456789012"},"Action":"s3:GetObject","Resource":"*","Condition":{"StringMatches":{"a":"b"}}}}""", PolicyStatus.Incomplete)]
    [InlineData("""{"Statement":{"Effect":"Allow","Principle":"*","Action":"s3:GetObject","Resource":"*"}}""", PolicyStatus.Incomplete)]
    [InlineData("""{"Statement":{"Effect":"allow","Principal":"*","Action":"s3:GetObject","Resource":"*"}}""", PolicyStatus.Incomplete)]
    [InlineData("""{"Statement":{"Effect":"Allow","Principal":["*"],"Action":"s3:GetObject","Resource":"*"}}""", PolicyStatus.Incomplete)]
    [InlineData("""{"Statement":{"Effect":"Allow","Principal":{"Team":"blue"},"Action":"s3:GetObject","Resource":"*"}}""", PolicyStatus.Incomplete)]
    [InlineData("""{"Statement":"all"}""", PolicyStatus.Incomplete)]
    [InlineData("""[{"Principal":["*"]}]""", PolicyStatus.Incomplete)]
    public void What_IAM_does_not_have_is_not_inspected_rather_than_right(string policy, PolicyStatus expected)
    {
        var graph = new GraphBuilder();
        graph.Resource(Bucket, "it", new { policy });
        Assert.Equal(expected, Checked.Of(Policy, graph.Build()).Status);
    }

    private static string Everyone(string condition, string action = "s3:PutObject") =>
        $$"""{"Principal":"*","Resource":"*","Action":"{{action}}","Effect":"Allow","Condition":{{condition}}}""";
}
