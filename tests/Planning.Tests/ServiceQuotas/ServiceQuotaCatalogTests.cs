using HaCluster.Planning.ServiceQuotas;

namespace HaCluster.Planning.Tests.ServiceQuotas;

public sealed class ServiceQuotaCatalogTests
{
    [Fact]
    public void Every_row_has_a_name_a_limit_and_a_source_of_AWS_with_its_date() => Assert.All(ServiceQuotaCatalog.All, quota =>
    {
        Assert.NotEmpty(quota.Name);
        Assert.True(quota.Default >= 0, quota.Name);
        Assert.StartsWith("https://docs.aws.amazon.com/", quota.Source, StringComparison.Ordinal);
        Assert.True(quota.Read >= new DateOnly(2026, 1, 1), quota.Name);
    });

    [Fact]
    public void Codes_have_AWSs_form_and_are_unique()
    {
        var coded = ServiceQuotaCatalog.All.Where(quota => quota.Code is not null).ToList();
        Assert.True(coded.Count > 40, $"{coded.Count} rows");
        Assert.All(coded, quota => Assert.Matches(@"^L-[0-9A-F]{8}\z", quota.Code!));
        Assert.Equal(coded.Count, coded.DistinctBy(quota => quota.Code).Count());
    }

    [Fact]
    public void A_limit_without_a_code_cannot_be_raised() =>
        Assert.All(ServiceQuotaCatalog.All.Where(quota => quota.Code is null), quota => Assert.False(quota.IsAdjustable));

    [Fact]
    public void A_name_may_hold_commas() =>
        Assert.Equal("Running On-Demand Standard (A, C, D, H, I, M, R, T, Z) instances", ServiceQuotaCatalog.Find("ec2", "L-1216C47A")!.Name);

    /// <summary>Values that the EKS best practices guide (quotas page) and Service Quotas' own answers give.</summary>
    [Theory]
    [InlineData("ec2", "L-1216C47A", 5, QuotaScope.Region)]
    [InlineData("ec2", "L-0263D0A3", 5, QuotaScope.Region)]
    [InlineData("vpc", "L-FE5A380F", 5, QuotaScope.Zone)]
    [InlineData("vpc", "L-0EA8095F", 60, QuotaScope.Resource)]
    [InlineData("ebs", "L-7A658B76", 50, QuotaScope.Region)]
    [InlineData("iam", "L-FE177D64", 1000, QuotaScope.Account)]
    public void The_defaults_that_bite_are_AWSs(string service, string code, int limit, QuotaScope scope)
    {
        var quota = ServiceQuotaCatalog.Find(service, code)!;
        Assert.Equal((limit, scope), (quota.Default, quota.Scope));
    }

    [Fact]
    public void Every_group_of_instance_families_has_its_quota() =>
        Assert.All(VirtualCpuQuotas.Codes, code => Assert.NotNull(ServiceQuotaCatalog.Find("ec2", code)));

    [Theory]
    [InlineData("m7i.large", "L-1216C47A", "L-34B43A08")]
    [InlineData("im4gn.large", "L-1216C47A", "L-34B43A08")]
    [InlineData("t4g.small", "L-1216C47A", "L-34B43A08")]
    [InlineData("g5.xlarge", "L-DB2E81BA", "L-3819A6DF")]
    [InlineData("vt1.3xlarge", "L-DB2E81BA", "L-3819A6DF")]
    [InlineData("p4d.24xlarge", "L-417A185B", "L-7212CCBC")]
    [InlineData("x2idn.16xlarge", "L-7295265B", "L-E3A00192")]
    [InlineData("inf2.xlarge", "L-1945791B", "L-B5D1601B")]
    [InlineData("dl1.24xlarge", "L-6E869C2A", "L-85EED4F7")]
    [InlineData("hpc7g.4xlarge", null, null)]
    [InlineData("mac2.metal", null, null)]
    [InlineData("u-6tb1.metal", null, null)]
    public void An_instance_type_counts_against_the_quota_of_its_family(string type, string? onDemand, string? spot) =>
        Assert.Equal((onDemand, spot), (VirtualCpuQuotas.CodeOf(type, isSpot: false), VirtualCpuQuotas.CodeOf(type, isSpot: true)));
}
