using System.Text.Json;

namespace HaCluster.Stack.Tests.Settings;

public class WrongSettingsTests
{
    [Theory]

    // zones and names
    [InlineData("""{"zones":1}""", "ha-cluster:zones is 1; a cluster that survives the loss of a zone needs 2 or more (3 recommended)")]
    [InlineData("""{"zones":0}""", "ha-cluster:zones is 0; a cluster that survives")]
    [InlineData("""{"zones":7}""", "ha-cluster:zones is 7; no region has more than 6")]
    [InlineData("""{"zones":"three"}""", "ha-cluster:zones is \"three\"; a whole number is expected here")]
    [InlineData("""{"nat":"none"}""", "ha-cluster:nat is \"none\"; choose one of perZone, single")]
    [InlineData("""{"name":"HA_Cluster"}""", "ha-cluster:name is \"HA_Cluster\"; AWS takes it into the names of roles")]
    [InlineData("""{"name":"a-name-that-is-much-too-long-for-the-role-it-would-make"}""", "ha-cluster:name is \"a-name-that")]

    [InlineData("""{"name":"sg-payments"}""", "ha-cluster:name is \"sg-payments\"; AWS keeps names that begin like this for itself")]
    [InlineData("""{"name":"aws"}""", "ha-cluster:name is \"aws\"; AWS keeps names that begin like this for itself")]

    // unknown keys
    [InlineData("""{"zone":3}""", "ha-cluster:zone is not a setting; did you mean zones?")]
    [InlineData("""{"cluster":{"verson":"1.35"}}""", "ha-cluster:cluster.verson is not a setting; did you mean version?")]
    [InlineData("""{"nodePools":{"genral":{}}}""", "ha-cluster:nodePools.genral is not a setting; did you mean general?")]
    [InlineData("""{"nodePools":{"general":{"maximum":3}}}""", "ha-cluster:nodePools.general.maximum is not a setting; known here: desired, diskGiB")]
    [InlineData("""{"quotas":{"payment":{}}}""", "ha-cluster:quotas.payment is not a setting; did you mean payments?")]

    // types
    [InlineData("""{"nodePools":[]}""", "ha-cluster:nodePools is a list; an object with keys of its own is expected here")]
    [InlineData("""{"nodePools":"big"}""", "ha-cluster:nodePools is \"big\"; an object with keys of its own is expected here")]
    [InlineData("""{"cluster":{"version":1.35}}""", "ha-cluster:cluster.version is 1.35; write it in quotes, \"1.35\"")]
    [InlineData("""{"cluster":{"deletionProtection":"perhaps"}}""", "ha-cluster:cluster.deletionProtection is \"perhaps\"; true or false is expected here")]
    [InlineData("""{"cluster":{"admins":[1]}}""", "ha-cluster:cluster.admins[0] is 1; a text is expected here")]

    // addresses
    [InlineData("""{"vpcCidr":"10.0.0.0"}""", "ha-cluster:vpcCidr is \"10.0.0.0\"; write an IPv4 block such as 10.0.0.0/16")]
    [InlineData("""{"vpcCidr":"10.0.3.0/16"}""", "ha-cluster:vpcCidr is \"10.0.3.0/16\"; the address is inside the block, not its start: write 10.0.0.0/16")]
    [InlineData("""{"vpcCidr":"8.8.0.0/16"}""", "ha-cluster:vpcCidr is 8.8.0.0/16; it is not private address space")]
    [InlineData("""{"vpcCidr":"10.0.0.0/12"}""", "ha-cluster:vpcCidr is 10.0.0.0/12; a VPC takes a /16 at most: write 10.0.0.0/16")]
    [InlineData("""{"vpcCidr":"10.0.0.0/24"}""", "ha-cluster:vpcCidr is 10.0.0.0/24; 3 zones with public, private and data subnets and room for pods need a /20 or larger")]
    [InlineData("""{"zones":4,"vpcCidr":"10.0.0.0/20"}""", "ha-cluster:vpcCidr is 10.0.0.0/20; 4 zones with public, private and data subnets and room for pods need a /19")]
    [InlineData("""{"vpcCidr":"10.0.0.0/20"}""", "ha-cluster:vpcCidr is 10.0.0.0/20; a private subnet has 1024 addresses")]
    [InlineData("""{"vpcCidr":"172.20.0.0/16"}""", "ha-cluster:network.serviceCidr is 172.20.0.0/16; it overlaps ha-cluster:vpcCidr 172.20.0.0/16")]
    [InlineData("""{"network":{"serviceCidr":"172.20.0.0/25"}}""", "ha-cluster:network.serviceCidr is 172.20.0.0/25; EKS takes a /12 to /24")]
    [InlineData("""{"network":{"serviceCidr":"100.64.0.0/16"}}""", "ha-cluster:network.serviceCidr is 100.64.0.0/16; EKS takes a /12 to /24")]
    [InlineData("""{"network":{"reservedCidrs":["192.168.0.0/24","10.0.128.0/17"]}}""", "ha-cluster:network.reservedCidrs[1] is 10.0.128.0/17; ha-cluster:vpcCidr 10.0.0.0/16 overlaps this network")]
    [InlineData("""{"network":{"reservedCidrs":["172.16.0.0/12"]}}""", "ha-cluster:network.reservedCidrs[0] is 172.16.0.0/12; ha-cluster:network.serviceCidr 172.20.0.0/16 overlaps this network")]
    [InlineData("""{"network":{"reservedCidrs":["office"]}}""", "ha-cluster:network.reservedCidrs[0] is \"office\"; write an IPv4 block")]
    [InlineData("""{"network":{"flowLogRetentionDays":31}}""", "ha-cluster:network.flowLogRetentionDays is 31; CloudWatch keeps logs for 1, 3, 5")]

    // control plane
    [InlineData("""{"cluster":{"version":"1.29"}}""", "ha-cluster:cluster.version is \"1.29\"; the program pins add-ons for 1.35 only")]
    [InlineData("""{"cluster":{"version":"latest"}}""", "ha-cluster:cluster.version is \"latest\"; a Kubernetes version on EKS is a minor version such as 1.35")]
    [InlineData("""{"cluster":{"publicAccessCidrs":["0.0.0.0/0"]}}""", "ha-cluster:cluster.publicAccessCidrs is 0.0.0.0/0; it offers the Kubernetes API to everyone: name your networks, or set ha-cluster:cluster.allowPublicAccessFromAnywhere to true")]
    [InlineData("""{"cluster":{"publicAccessCidrs":["10.8.0.0/16"]}}""", "ha-cluster:cluster.publicAccessCidrs is 10.8.0.0/16; the public endpoint never sees a private address")]
    [InlineData("""{"cluster":{"admins":["alice"]}}""", "ha-cluster:cluster.admins[0] is \"alice\"; the ARN of an IAM role is expected here")]
    [InlineData("""{"cluster":{"admins":["arn:aws:iam::123456789012:role/a","arn:aws:iam::123456789012:role/a"]}}""", "ha-cluster:cluster.admins[1] is \"arn:aws:iam::123456789012:role/a\"; the role is in the list already")]
    [InlineData("""{"cluster":{"admins":["arn:aws:iam::123456789012:role/a"],"viewers":["arn:aws:iam::123456789012:role/a"]}}""", "ha-cluster:cluster.viewers is \"arn:aws:iam::123456789012:role/a\"; the role is in ha-cluster:cluster.admins too")]
    [InlineData("""{"cluster":{"support":"gold"}}""", "ha-cluster:cluster.support is \"gold\"; choose one of standard, extended")]

    // node pools
    [InlineData("""{"nodePools":{"general":{"min":4,"max":3}}}""", "ha-cluster:nodePools.general.max is 3; it is below ha-cluster:nodePools.general.min, which is 4")]
    [InlineData("""{"nodePools":{"general":{"min":3,"max":6,"desired":9}}}""", "ha-cluster:nodePools.general.desired is 9; it is not between min 3 and max 6")]
    [InlineData("""{"nodePools":{"system":{"min":2}}}""", "ha-cluster:nodePools.system.min is 2; 3 zones need a node each")]
    [InlineData("""{"nodePools":{"general":{"min":1}}}""", "ha-cluster:nodePools.general.min is 1; 3 zones need a node each")]
    [InlineData("""{"nodePools":{"stateful":{"min":0}}}""", "ha-cluster:nodePools.stateful.min is 0; volumes do not leave their zone")]
    [InlineData("""{"nodePools":{"general":{"min":-1}}}""", "ha-cluster:nodePools.general.min is -1; choose a number from 0 to 450")]
    [InlineData("""{"nodePools":{"general":{"instanceTypes":["huge"]}}}""", "ha-cluster:nodePools.general.instanceTypes[0] is \"huge\"; an instance type is a family and a size")]
    [InlineData("""{"nodePools":{"general":{"instanceTypes":[]}}}""", "ha-cluster:nodePools.general.instanceTypes is empty")]
    [InlineData("""{"nodePools":{"general":{"instanceTypes":["m7i.large","m7g.large"]}}}""", "ha-cluster:nodePools.general.instanceTypes is m7i.large, m7g.large; it mixes ARM and x86")]
    [InlineData("""{"nodePools":{"general":{"instanceTypes":["m7i.large","m7i.xlarge"]}}}""", "ha-cluster:nodePools.general.instanceTypes is m7i.large, m7i.xlarge; the autoscaler takes all types of a pool for the same size")]
    [InlineData("""{"nodePools":{"general":{"diskGiB":5}}}""", "ha-cluster:nodePools.general.diskGiB is 5; choose a number from 30")]

    // namespaces and quotas
    [InlineData("""{"namespaces":{"Shop":{}}}""", "ha-cluster:namespaces.Shop is not a name for a namespace")]
    [InlineData("""{"namespaces":{"chains":{}}}""", "ha-cluster:namespaces.chains is one of the cluster's own namespaces; change its quota under ha-cluster:quotas.chains")]
    [InlineData("""{"namespaces":{"kube-shop":{}}}""", "ha-cluster:namespaces.kube-shop belongs to Kubernetes")]
    [InlineData("""{"namespaces":{"default":{}}}""", "ha-cluster:namespaces.default belongs to Kubernetes")]
    [InlineData("""{"namespaces":{"shop":{"reach":["moon"]}}}""", "ha-cluster:namespaces.shop.reach is \"moon\"; choose among")]
    [InlineData("""{"namespaces":{"shop":{"podSecurity":"none"}}}""", "ha-cluster:namespaces.shop.podSecurity is \"none\"; choose one of privileged, baseline, restricted")]
    [InlineData("""{"namespaces":{"shop":{}},"quotas":{"shop":{}}}""", "ha-cluster:quotas.shop is for the cluster's own namespaces; set ha-cluster:namespaces.shop.quota")]
    [InlineData("""{"quotas":{"payments":{"pods":500}}}""", "ha-cluster:quotas.payments.cpu is 12; it holds 120 pods with the default of 100m, and pods allows 500: raise cpu or lower pods")]
    [InlineData("""{"quotas":{"payments":{"ephemeralStorage":"10Gi"}}}""", "ha-cluster:quotas.payments.ephemeralStorage is 10Gi; it holds 20 pods with the default of 512Mi, and pods allows 80")]
    [InlineData("""{"quotas":{"payments":{"memory":"400m"}}}""", "ha-cluster:quotas.payments.memory is \"400m\"; m means thousandths, so that is less than a byte: write 400Mi")]
    [InlineData("""{"quotas":{"payments":{"memory":"lots"}}}""", "ha-cluster:quotas.payments.memory is \"lots\"; a size such as 512Mi or 16Gi is expected here")]
    [InlineData("""{"quotas":{"payments":{"container":{"memory":"64Gi"}}}}""", "ha-cluster:quotas.payments.container.memory is 64Gi; one container could ask for more than the whole namespace has, which is 24Gi")]
    [InlineData("""{"quotas":{"payments":{"container":{"memory":"64Mi"}}}}""", "ha-cluster:quotas.payments.container.memory is 64Mi; it is below the default of a container, 256Mi")]
    [InlineData("""{"quotas":{"payments":{"largestVolume":"1Ti"}}}""", "ha-cluster:quotas.payments.largestVolume is 1Ti; it is more than storage, which is 200Gi")]

    // tags
    [InlineData("""{"tags":{"aws:owner":"me"}}""", "ha-cluster:tags.aws:owner is \"me\"; names that begin with aws: belong to AWS")]
    [InlineData("""{"tags":{"kubernetes.io/owner":"me"}}""", "ha-cluster:tags.kubernetes.io/owner is \"me\"; names that begin with kubernetes.io/ belong to Kubernetes")]
    [InlineData("""{"tags":{"Owner":"R&D"}}""", "ha-cluster:tags.Owner is \"R&D\"; AWS takes letters, digits, spaces")]
    [InlineData("""{"tags":{"a=b":"c"}}""", "ha-cluster:tags.a=b is \"c\"; AWS takes letters, digits, spaces")]
    [InlineData("""{"tags":{"Cluster":"me"}}""", "ha-cluster:tags.Cluster is \"me\"; the program sets this tag itself")]
    public void Are_refused_by_name_with_a_way_out(string json, string message)
    {
        var (_, problems) = Configuration.Read(json);

        Assert.Contains(problems, problem => problem.StartsWith(message, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(null, "aws:region is not set; the cluster needs a region to live in")]
    [InlineData("", "aws:region is not set")]
    [InlineData("eu-central-1a", "aws:region is \"eu-central-1a\"; a region looks like eu-central-1")]
    [InlineData("Frankfurt", "aws:region is \"Frankfurt\"; a region looks like eu-central-1")]
    public void The_region_is_refused_when_it_is_none(string? region, string message)
    {
        var (_, problems) = Configuration.Read("{}", region);

        Assert.StartsWith(message, Assert.Single(problems), StringComparison.Ordinal);
    }

    [Fact]
    public void Tags_leave_room_for_those_of_EKS_and_its_add_ons()
    {
        static string Tags(int count) =>
            JsonSerializer.Serialize(new { tags = Enumerable.Range(0, count).ToDictionary(i => $"t{i}", _ => "v") });

        Assert.Empty(Configuration.Read(Tags(30)).Problems);
        Assert.StartsWith("ha-cluster:tags is 31 tags; AWS takes 50 on a resource", Assert.Single(Configuration.Read(Tags(31)).Problems), StringComparison.Ordinal);
    }

    [Fact]
    public void Are_all_reported_at_once()
    {
        var (_, problems) = Configuration.Read(
            """{"zones":1,"nat":"none","vpcCidr":"8.8.0.0/16","cluster":{"version":"1.2"},"nodePools":{"general":{"min":9,"max":1}},"tagz":{}}""", region: null);

        Assert.Equal(7, problems.Count);
    }

    [Fact]
    public void A_secret_is_refused_without_showing_it()
    {
        var (_, problems) = Configuration.Read("""{"zones":"hunter2"}""", "eu-central-1", "zones");

        var problem = Assert.Single(problems);
        Assert.StartsWith("ha-cluster:zones is a secret; settings shape the cluster", problem, StringComparison.Ordinal);
        Assert.DoesNotContain("hunter2", problem, StringComparison.Ordinal);
    }
}
