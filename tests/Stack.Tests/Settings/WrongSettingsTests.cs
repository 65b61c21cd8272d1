using System.Text.Json;
using HaCluster.Stack.Settings;

namespace HaCluster.Stack.Tests.Settings;

public class WrongSettingsTests
{
    [Theory]

    // zones and names
    [InlineData("""{"zones":1}""", "ha-cluster:zones is 1; a cluster that survives the loss of a zone needs 2 or more (3 recommended)")]
    [InlineData("""{"zones":0}""", "ha-cluster:zones is 0; a cluster that survives")]
    [InlineData("""{"zones":7}""", "ha-cluster:zones is 7; the program supports at most 6 zones")]
    [InlineData("""{"zones":"three"}""", "ha-cluster:zones is \"three\"; a whole number is expected here")]
    [InlineData("""{"nat":"none"}""", "ha-cluster:nat is \"none\"; choose one of perZone, single")]
    [InlineData("""{"name":"HA_Cluster"}""", "ha-cluster:name is \"HA_Cluster\"; it becomes part of the names of roles and keys")]
    [InlineData("""{"name":"a-name-that-is-much-too-long-for-the-role-it-would-make"}""", "ha-cluster:name is \"a-name-that")]

    [InlineData("""{"name":"sg-payments"}""", "ha-cluster:name is \"sg-payments\"; AWS reserves names that begin like this")]
    [InlineData("""{"name":"a-name-of-forty-characters-too-long-by-1"}""", "ha-cluster:name is \"a-name-of-forty-characters-too-long-by-1\"; it becomes part of the names of roles and keys: use lower-case letters, digits and dashes, a letter first, at most 39 characters")]
    [InlineData("""{"name":"aws"}""", "ha-cluster:name is \"aws\"; AWS reserves names that begin like this")]

    // as written, and not all of a long one
    [InlineData("""{"name":"müller"}""", "ha-cluster:name is \"müller\"; ")]
    [InlineData("""{"nat":"日本語"}""", "ha-cluster:nat is \"日本語\"; choose one of")]
    [InlineData("""{"nat":"a\"b\\c"}""", "ha-cluster:nat is \"a\\\"b\\\\c\"; choose one of")]
    [InlineData("""{"nat":"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"}""", "ha-cluster:nat is \"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx...\"; choose one of")]

    // unknown keys
    [InlineData("""{"zone":3}""", "ha-cluster:zone is not a setting; did you mean zones?")]
    [InlineData("""{"cluster":{"verson":"1.35"}}""", "ha-cluster:cluster.verson is not a setting; did you mean version?")]
    [InlineData("""{"nodePools":{"genral":{}}}""", "ha-cluster:nodePools.genral is not a setting; did you mean general?")]
    [InlineData("""{"nodePools":{"general":{"maximum":3}}}""", "ha-cluster:nodePools.general.maximum is not a setting; the settings here are desired, diskGiB, instanceTypes, max, min, spot")]
    [InlineData("""{"quotas":{"payment":{}}}""", "ha-cluster:quotas.payment is not a setting; did you mean payments?")]

    // keys that pulumi config set wrote without --path
    [InlineData("""{"edge.enabled":"true"}""", "ha-cluster:edge.enabled is not a setting; without --path, `pulumi config set` treats dots as part of the name: run `pulumi config rm ha-cluster:edge.enabled` and `pulumi config set --path ha-cluster:edge.enabled true`")]
    [InlineData("""{"nodePools.general.min":"4"}""", "ha-cluster:nodePools.general.min is not a setting; without --path")]
    [InlineData("""{"sites.shop.env.GREETING":"it's me"}""", "ha-cluster:sites.shop.env.GREETING is not a setting; without --path, `pulumi config set` treats dots as part of the name: run `pulumi config rm ha-cluster:sites.shop.env.GREETING` and `pulumi config set --path ha-cluster:sites.shop.env.GREETING 'it'\\''s me'`")]
    [InlineData("""{"egde.enabled":"true"}""", "ha-cluster:egde.enabled is not a setting; without --path, `pulumi config set` treats dots as part of the name: run `pulumi config rm ha-cluster:egde.enabled` and `pulumi config set --path ha-cluster:edge.enabled true`")]
    [InlineData("""{"edge":{"waf.enabled":true}}""", "ha-cluster:edge.waf.enabled is not a setting; a dot in a key works only in commands: in the file, write enabled below waf")]

    // types
    [InlineData("""{"nodePools":[]}""", "ha-cluster:nodePools is a list; an object with keys is expected here")]
    [InlineData("""{"nodePools":"big"}""", "ha-cluster:nodePools is \"big\"; an object with keys is expected here")]
    [InlineData("""{"cluster":{"version":1.35}}""", "ha-cluster:cluster.version is 1.35; write it in quotes, \"1.35\"")]
    [InlineData("""{"cluster":{"deletionProtection":"perhaps"}}""", "ha-cluster:cluster.deletionProtection is \"perhaps\"; true or false is expected here")]
    [InlineData("""{"cluster":{"admins":[1]}}""", "ha-cluster:cluster.admins[0] is 1; a string is expected here")]

    // addresses
    [InlineData("""{"vpcCidr":"10.0.0.0"}""", "ha-cluster:vpcCidr is \"10.0.0.0\"; write an IPv4 block such as 10.0.0.0/16")]
    [InlineData("""{"vpcCidr":"10.0.3.0/16"}""", "ha-cluster:vpcCidr is \"10.0.3.0/16\"; the address is inside the block, not its start: write 10.0.0.0/16")]
    [InlineData("""{"vpcCidr":"8.8.0.0/16"}""", "ha-cluster:vpcCidr is 8.8.0.0/16; it is not private")]
    [InlineData("""{"vpcCidr":"10.0.0.0/12"}""", "ha-cluster:vpcCidr is 10.0.0.0/12; a VPC is a /16 at most: write 10.0.0.0/16")]
    [InlineData("""{"vpcCidr":"10.0.0.0/24"}""", "ha-cluster:vpcCidr is 10.0.0.0/24; 3 zones with public, private and data subnets and room for pods need a /20 or larger")]
    [InlineData("""{"zones":4,"vpcCidr":"10.0.0.0/20"}""", "ha-cluster:vpcCidr is 10.0.0.0/20; 4 zones with public, private and data subnets and room for pods need a /19")]
    [InlineData("""{"vpcCidr":"10.0.0.0/20"}""", "ha-cluster:vpcCidr is 10.0.0.0/20; a private subnet has 1024 addresses")]
    [InlineData("""{"vpcCidr":"172.20.0.0/16"}""", "ha-cluster:network.serviceCidr is 172.20.0.0/16; it overlaps ha-cluster:vpcCidr 172.20.0.0/16")]
    [InlineData("""{"network":{"serviceCidr":"172.20.0.0/25"}}""", "ha-cluster:network.serviceCidr is 172.20.0.0/25; EKS allows a /12 to /24 inside 10.0.0.0/8, 172.16.0.0/12 or 192.168.0.0/16")]
    [InlineData("""{"network":{"serviceCidr":"100.64.0.0/16"}}""", "ha-cluster:network.serviceCidr is 100.64.0.0/16; EKS allows a /12 to /24 inside 10.0.0.0/8, 172.16.0.0/12 or 192.168.0.0/16")]
    [InlineData("""{"network":{"reservedCidrs":["192.168.0.0/24","10.0.128.0/17"]}}""", "ha-cluster:network.reservedCidrs[1] is 10.0.128.0/17; ha-cluster:vpcCidr 10.0.0.0/16 overlaps this network")]
    [InlineData("""{"network":{"reservedCidrs":["172.16.0.0/12"]}}""", "ha-cluster:network.reservedCidrs[0] is 172.16.0.0/12; ha-cluster:network.serviceCidr 172.20.0.0/16 overlaps this network")]
    [InlineData("""{"network":{"reservedCidrs":["office"]}}""", "ha-cluster:network.reservedCidrs[0] is \"office\"; write an IPv4 block")]
    [InlineData("""{"network":{"flowLogRetentionDays":31}}""", "ha-cluster:network.flowLogRetentionDays is 31; CloudWatch supports 1, 3, 5")]

    // a newline at the end, which a block of YAML leaves there
    [InlineData("""{"name":"payments\n"}""", "ha-cluster:name is \"payments\\n\"; it becomes part of the names of roles and keys")]
    [InlineData("""{"cluster":{"admins":["arn:aws:iam::123456789012:role/a\n"]}}""", "ha-cluster:cluster.admins[0] is \"arn:aws:iam::123456789012:role/a\\n\"; the ARN of an IAM role is expected here, such as arn:aws:iam::123456789012:role/admin")]
    [InlineData("""{"cluster":{"deletionProtection":"true\n"}}""", "ha-cluster:cluster.deletionProtection is \"true\\n\"; true or false is expected here")]
    [InlineData("""{"quotas":{"payments":{"memory":"32Gi\n"}}}""", "ha-cluster:quotas.payments.memory is \"32Gi\\n\"; a size such as 512Mi or 16Gi is expected here")]
    [InlineData("""{"tags":{"Owner":"me\n"}}""", "ha-cluster:tags.Owner is \"me\\n\"; AWS allows at most 256 characters in the value of a tag")]
    [InlineData("""{"monitoring":{"links":{"grafana":"https://grafana.example.com\n"}}}""", "ha-cluster:monitoring.links.grafana is \"https://grafana.example.com\\n\"; the URL of a page is expected here, such as https://alertmanager.example.com")]
    [InlineData("""{"sites":{"shop":{"image":"ghcr.io/your-company/shop:1\n","domain":"shop.your-company.com"}}}""", "ha-cluster:sites.shop.image is \"ghcr.io/your-company/shop:1\\n\"; an image")]

    // control plane
    [InlineData("""{"cluster":{"version":"1.29"}}""", "ha-cluster:cluster.version is \"1.29\"; the program has pinned add-ons only for 1.35")]
    [InlineData("""{"cluster":{"version":"latest"}}""", "ha-cluster:cluster.version is \"latest\"; write a minor version of Kubernetes, such as 1.35")]
    [InlineData("""{"cluster":{"publicAccessCidrs":["0.0.0.0/0"]}}""", "ha-cluster:cluster.publicAccessCidrs is 0.0.0.0/0; it opens the Kubernetes API to the whole internet: list your networks, or set ha-cluster:cluster.allowPublicAccessFromAnywhere to true")]
    [InlineData("""{"cluster":{"publicAccessCidrs":["10.8.0.0/16"]}}""", "ha-cluster:cluster.publicAccessCidrs is 10.8.0.0/16; no client reaches the public endpoint from a private address")]
    [InlineData("""{"cluster":{"admins":["alice"]}}""", "ha-cluster:cluster.admins[0] is \"alice\"; the ARN of an IAM role is expected here")]
    [InlineData("""{"cluster":{"admins":["arn:aws:iam::123456789012:role/a","arn:aws:iam::123456789012:role/a"]}}""", "ha-cluster:cluster.admins[1] is \"arn:aws:iam::123456789012:role/a\"; it is in the list twice: remove one")]
    [InlineData("""{"cluster":{"admins":["arn:aws:iam::123456789012:role/a"],"viewers":["arn:aws:iam::123456789012:role/a"]}}""", "ha-cluster:cluster.viewers is \"arn:aws:iam::123456789012:role/a\"; the role is also in ha-cluster:cluster.admins, and EKS allows one entry per role")]
    [InlineData("""{"cluster":{"support":"gold"}}""", "ha-cluster:cluster.support is \"gold\"; choose one of standard, extended")]

    // replication
    [InlineData("""{"delivery":{"copyTo":["us-gov-west-1"]}}""", "ha-cluster:delivery.copyTo is \"us-gov-west-1\"; it is in the partition aws-us-gov and eu-central-1 in aws: ECR copies within a partition only")]
    [InlineData("""{"delivery":{"copyTo":["eu-west-1","cn-north-1"]}}""", "ha-cluster:delivery.copyTo is \"cn-north-1\"; it is in the partition aws-cn")]

    // OpenSearch
    [InlineData("""{"logging":{"search":{"volumeGiB":2000}}}""", "ha-cluster:logging.search.volumeGiB is 2000; ha-cluster:logging.search.instanceType is r7g.large.search, which supports volumes up to 1532 GiB")]
    [InlineData("""{"logging":{"search":{"volumeGiB":1025,"instanceType":"m6g.large.search"}}}""", "ha-cluster:logging.search.volumeGiB is 1025; ha-cluster:logging.search.instanceType is m6g.large.search, which supports volumes up to 1024 GiB")]
    [InlineData("""{"logging":{"search":{"volumeGiB":19}}}""", "ha-cluster:logging.search.volumeGiB is 19; choose 20 to 36864 GiB")]

    // names that the engine keeps
    [InlineData("""{"databases":{"postgresql":{"database":"postgres"}}}""", "ha-cluster:databases.postgresql.database is \"postgres\"; postgresql reserves this name, and RDS refuses it: choose another, such as postgres_app")]
    [InlineData("""{"databases":{"postgresql":{"database":"user"}}}""", "ha-cluster:databases.postgresql.database is \"user\"; postgresql reserves this name, and RDS refuses it")]
    [InlineData("""{"databases":{"mysql":{"database":"mysql"}}}""", "ha-cluster:databases.mysql.database is \"mysql\"; mysql reserves this name, and RDS refuses it")]
    [InlineData("""{"databases":{"mysql":{"database":"groups"}}}""", "ha-cluster:databases.mysql.database is \"groups\"; mysql reserves this name, and RDS refuses it")]

    // node pools
    [InlineData("""{"nodePools":{"general":{"instanceTypes":["m7i.large","m6i.large","m7i.large"]}}}""", "ha-cluster:nodePools.general.instanceTypes[2] is \"m7i.large\"; it is in the list twice: remove one")]
    [InlineData("""{"nodePools":{"general":{"min":4,"max":3}}}""", "ha-cluster:nodePools.general.max is 3; it is less than ha-cluster:nodePools.general.min (4)")]
    [InlineData("""{"nodePools":{"general":{"min":3,"max":6,"desired":9}}}""", "ha-cluster:nodePools.general.desired is 9; it is not between min (3) and max (6)")]
    [InlineData("""{"nodePools":{"system":{"min":2}}}""", "ha-cluster:nodePools.system.min is 2; 3 zones need one node each, otherwise the loss of a zone can stop cluster DNS")]
    [InlineData("""{"nodePools":{"general":{"min":1}}}""", "ha-cluster:nodePools.general.min is 1; 3 zones need one node each, otherwise the pods of a lost zone wait for new nodes, and AWS may have no capacity then")]
    [InlineData("""{"nodePools":{"stateful":{"min":0}}}""", "ha-cluster:nodePools.stateful.min is 0; volumes cannot leave their zone, so each zone needs its own node")]
    [InlineData("""{"nodePools":{"general":{"min":-1}}}""", "ha-cluster:nodePools.general.min is -1; choose a number from 0 to 450")]
    [InlineData("""{"nodePools":{"general":{"instanceTypes":["huge"]}}}""", "ha-cluster:nodePools.general.instanceTypes[0] is \"huge\"; an instance type is a family and a size")]
    [InlineData("""{"nodePools":{"general":{"instanceTypes":[]}}}""", "ha-cluster:nodePools.general.instanceTypes is empty")]
    [InlineData("""{"nodePools":{"general":{"instanceTypes":["m7i.large","m7g.large"]}}}""", "ha-cluster:nodePools.general.instanceTypes is m7i.large, m7g.large; it mixes ARM and x86 processors, which need different images")]
    [InlineData("""{"nodePools":{"general":{"instanceTypes":["m7i.large","m7i.xlarge"]}}}""", "ha-cluster:nodePools.general.instanceTypes is m7i.large, m7i.xlarge; the autoscaler assumes that all types of a pool have the same size")]
    [InlineData("""{"nodePools":{"general":{"diskGiB":5}}}""", "ha-cluster:nodePools.general.diskGiB is 5; choose a number from 30")]

    // namespaces and quotas
    [InlineData("""{"namespaces":{"Shop":{}}}""", "ha-cluster:namespaces.Shop is not a valid namespace name")]
    [InlineData("""{"namespaces":{"chains":{}}}""", "ha-cluster:namespaces.chains is one of the cluster's own namespaces; change its quota under ha-cluster:quotas.chains")]
    [InlineData("""{"namespaces":{"kube-shop":{}}}""", "ha-cluster:namespaces.kube-shop is reserved for Kubernetes")]
    [InlineData("""{"namespaces":{"default":{}}}""", "ha-cluster:namespaces.default is reserved for Kubernetes")]
    [InlineData("""{"namespaces":{"shop":{"reach":["moon"]}}}""", "ha-cluster:namespaces.shop.reach is \"moon\"; choose one of controlPlane, data, internetAnyPort, internetHttps")]
    [InlineData("""{"namespaces":{"shop":{"podSecurity":"none"}}}""", "ha-cluster:namespaces.shop.podSecurity is \"none\"; choose one of privileged, baseline, restricted")]
    [InlineData("""{"namespaces":{"shop":{}},"quotas":{"shop":{}}}""", "ha-cluster:quotas.shop is not one of the cluster's own namespaces; set ha-cluster:namespaces.shop.quota instead")]
    [InlineData("""{"quotas":{"payments":{"pods":500}}}""", "ha-cluster:quotas.payments.cpu is 12; it is enough for 120 pods with the default of 100m, but pods allows 500: raise cpu or lower pods")]
    [InlineData("""{"quotas":{"payments":{"ephemeralStorage":"10Gi"}}}""", "ha-cluster:quotas.payments.ephemeralStorage is 10Gi; it is enough for 20 pods with the default of 512Mi, but pods allows 80")]
    [InlineData("""{"quotas":{"payments":{"memory":"400m"}}}""", "ha-cluster:quotas.payments.memory is \"400m\"; m means thousandths, so this is less than a byte: write 400Mi")]
    [InlineData("""{"quotas":{"payments":{"memory":"lots"}}}""", "ha-cluster:quotas.payments.memory is \"lots\"; a size such as 512Mi or 16Gi is expected here")]
    [InlineData("""{"quotas":{"payments":{"container":{"memory":"64Gi"}}}}""", "ha-cluster:quotas.payments.container.memory is 64Gi; it allows one container more than the quota of the whole namespace (24Gi)")]
    [InlineData("""{"quotas":{"payments":{"container":{"memory":"64Mi"}}}}""", "ha-cluster:quotas.payments.container.memory is 64Mi; it is below the default of a container (256Mi), so no container could start")]
    [InlineData("""{"quotas":{"payments":{"largestVolume":"1Ti"}}}""", "ha-cluster:quotas.payments.largestVolume is 1Ti; it is more than storage (200Gi)")]

    // tags
    [InlineData("""{"tags":{"aws:owner":"me"}}""", "ha-cluster:tags.aws:owner is \"me\"; the prefix \"aws:\" is reserved by AWS")]
    [InlineData("""{"tags":{"kubernetes.io/owner":"me"}}""", "ha-cluster:tags.kubernetes.io/owner is \"me\"; names that begin with kubernetes.io/ are reserved for Kubernetes and its add-ons")]
    [InlineData("""{"tags":{"Owner":"R&D"}}""", "ha-cluster:tags.Owner is \"R&D\"; AWS allows at most 256 characters in the value of a tag")]
    [InlineData("""{"tags":{"a=b":"c"}}""", "ha-cluster:tags.a=b is \"c\"; AWS allows at most 128 characters in the name of a tag")]
    [InlineData("""{"tags":{"Cluster":"me"}}""", "ha-cluster:tags.Cluster is \"me\"; the program sets this tag itself")]
    public void Are_refused_by_name_with_a_way_out(string json, string message)
    {
        var (_, problems) = Configuration.Read(json);

        Assert.Contains(problems, problem => problem.StartsWith(message, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(null, "aws:region is not set; the cluster needs a region")]
    [InlineData("", "aws:region is not set")]
    [InlineData("eu-central-1a", "aws:region is \"eu-central-1a\"; a region looks like eu-central-1")]
    [InlineData("Frankfurt", "aws:region is \"Frankfurt\"; a region looks like eu-central-1")]
    public void A_text_that_is_not_a_region_is_refused(string? region, string message)
    {
        var (_, problems) = Configuration.Read("{}", region);

        Assert.StartsWith(message, Assert.Single(problems), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"databases":{"mysql":{"database":"user"}}}""")]
    [InlineData("""{"databases":{"postgresql":{"database":"groups"}}}""")]
    [InlineData("""{"logging":{"search":{"volumeGiB":1532}}}""")]
    [InlineData("""{"logging":{"search":{"volumeGiB":1024,"instanceType":"m6g.large.search"}}}""")]
    [InlineData("""{"logging":{"search":{"volumeGiB":36864,"instanceType":"r8g.16xlarge.search"}}}""")]
    [InlineData("""{"name":"a-name-of-thirty-nine-characters-fits-1"}""")]
    [InlineData("""{"quotas":{"payments":{"memory":"40e9"}}}""")]
    public void Neighbours_of_what_is_refused_are_taken(string json) => Assert.Empty(Configuration.Read(json).Problems);

    [Fact]
    public void Regions_of_one_partition_copy_to_each_other()
    {
        Assert.Empty(Configuration.Read("""{"delivery":{"copyTo":["cn-northwest-1"]}}""", "cn-north-1").Problems);
        Assert.Contains(Configuration.Read("""{"delivery":{"copyTo":["eu-west-1"]}}""", "cn-north-1").Problems, problem => problem.Contains("ECR copies within a partition only", StringComparison.Ordinal));
    }

    [Fact]
    public void EKS_takes_forty_public_blocks()
    {
        static string Blocks(int count) =>
            JsonSerializer.Serialize(new { cluster = new { publicAccessCidrs = Enumerable.Range(0, count).Select(i => $"203.0.{i}.0/24") } });

        Assert.Empty(Configuration.Read(Blocks(40)).Problems);
        Assert.StartsWith("ha-cluster:cluster.publicAccessCidrs is 41 blocks; EKS allows at most 40", Assert.Single(Configuration.Read(Blocks(41)).Problems), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("ha-clutser:zones", "write ha-cluster:zones")]
    [InlineData("HA-Cluster:zones", "write ha-cluster:zones")]
    [InlineData("hacluster:edge", "write ha-cluster:edge")]
    [InlineData("awz:region", "write aws:region")]
    [InlineData("kuberntes:context", "write kubernetes:context")]
    public void A_misspelt_namespace_is_refused(string key, string message)
    {
        var problems = new SettingsProblems();
        SettingsSource.CheckNamespaces(["aws:region", key], problems);
        var problem = Assert.Single(problems.Messages);
        Assert.StartsWith($"{key} is not used", problem, StringComparison.Ordinal);
        Assert.EndsWith(message, problem, StringComparison.Ordinal);
    }

    [Fact]
    public void Namespaces_of_others_are_left_alone()
    {
        var problems = new SettingsProblems();
        SettingsSource.CheckNamespaces(["aws:region", "awsx:x", "aws-native:region", "pulumi:tags", "gcp:project", "datadog:apiKey", "ha-cluster:nat", "other:token"], problems);
        Assert.Empty(problems.Messages);
    }

    [Fact]
    public void Tags_leave_room_for_those_of_EKS_and_its_add_ons()
    {
        static string Tags(int count) =>
            JsonSerializer.Serialize(new { tags = Enumerable.Range(0, count).ToDictionary(i => $"t{i}", _ => "v") });

        Assert.Empty(Configuration.Read(Tags(30)).Problems);
        Assert.StartsWith("ha-cluster:tags is 31 tags; AWS allows 50 tags per resource", Assert.Single(Configuration.Read(Tags(31)).Problems), StringComparison.Ordinal);
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
        Assert.StartsWith("ha-cluster:zones is a secret; settings show up in names", problem, StringComparison.Ordinal);
        Assert.DoesNotContain("hunter2", problem, StringComparison.Ordinal);
    }
}
