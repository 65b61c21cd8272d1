using HaCluster.Stack.Settings;
using HaCluster.Stack.Tests.Settings;

namespace HaCluster.Stack.Tests.Delivery;

public class DeliverySettingsTests
{
    [Fact]
    public void Nothing_need_be_said()
    {
        var (settings, problems) = Configuration.Read("{}");

        Assert.Empty(problems);
        Assert.Equal(["ledger", "payments", "sentinel"], settings.Delivery.Repositories.AsEnumerable());
        Assert.Empty(settings.Delivery.CopyTo);
        Assert.Empty(settings.Delivery.Environments);
        Assert.Equal("gitlab.com", settings.Delivery.GitLab.Issuer);
    }

    [Fact]
    public void An_environment_trusts_the_branches_and_tags_that_may_push_unless_it_says_otherwise()
    {
        var (settings, problems) = Configuration.Read(
            """
            {"namespaces":{"shop":{}},"delivery":{"gitlab":{"projects":["g/p"],"branches":["trunk"]},
             "environments":{"dev":{"namespaces":["shop"]},"production":{"namespaces":["shop","payments"],"branches":[],"tags":["v*"]}}}}
            """);

        Assert.Empty(problems);
        var (dev, production) = (settings.Delivery.Environments[0], settings.Delivery.Environments[1]);
        Assert.Equal(["trunk"], dev.Branches.AsEnumerable());
        Assert.Equal(["v*"], dev.Tags.AsEnumerable());
        Assert.Empty(production.Branches);
        Assert.Equal(["shop", "payments"], production.Namespaces.AsEnumerable());
    }

    [Theory]

    // repositories
    [InlineData("""{"repositories":["Shop"]}""", "repositories[0] is \"Shop\"; use lower-case letters and digits, with single . _ - / between them, and no tag")]
    [InlineData("""{"repositories":["shop:1.0"]}""", "repositories[0] is \"shop:1.0\"; use lower-case letters and digits, with single . _ - / between them, and no tag")]
    [InlineData("""{"repositories":["shop//api"]}""", "repositories[0] is \"shop//api\"; use lower-case letters and digits, with single . _ - / between them, and no tag")]
    [InlineData("""{"repositories":["a/shop","a/shop"]}""", "repositories[1] is \"a/shop\"; it is in the list twice")]
    [InlineData("""{"repositories":["payments"]}""", "repositories is \"payments\"; the program creates this repository itself")]
    [InlineData("""{"keepImages":1}""", "keepImages is 1; a rollback needs older images, and each costs storage")]
    [InlineData("""{"keepUntaggedDays":0}""", "keepUntaggedDays is 0; choose a number from 1 to 365")]

    // regions
    [InlineData("""{"copyTo":["eu-central-1a"]}""", "copyTo[0] is \"eu-central-1a\"; a region looks like eu-central-1")]
    [InlineData("""{"copyTo":["eu-west-1","eu-west-1"]}""", "copyTo[1] is \"eu-west-1\"; it is in the list twice")]
    [InlineData("""{"copyTo":["eu-central-1"]}""", "copyTo is \"eu-central-1\"; it is the cluster's own region, where the repositories already are")]

    // GitLab
    [InlineData("""{"gitlab":{"url":"gitlab.com"}}""", "gitlab.url is \"gitlab.com\"; the URL of a GitLab instance looks like https://gitlab.example.com")]
    [InlineData("""{"gitlab":{"url":"http://gitlab.example.com"}}""", "gitlab.url is \"http://gitlab.example.com\"; the URL of a GitLab instance looks like https://gitlab.example.com")]
    [InlineData("""{"gitlab":{"url":"https://gitlab.com/"}}""", "gitlab.url is \"https://gitlab.com/\"; the URL of a GitLab instance looks like https://gitlab.example.com")]
    [InlineData("""{"gitlab":{"url":"https://gitlab.example.com:8443"}}""", "gitlab.url is \"https://gitlab.example.com:8443\"; the URL of a GitLab instance looks like https://gitlab.example.com")]
    [InlineData("""{"gitlab":{"runnerSecret":"a secret"}}""", "gitlab.runnerSecret is \"a secret\"; the name of a secret in AWS Secrets Manager")]
    [InlineData("""{"gitlab":{"oidcProviderArn":"gitlab.com"}}""", "gitlab.oidcProviderArn is \"gitlab.com\"; it looks like arn:aws:iam::")]
    [InlineData("""{"gitlab":{"oidcProviderArn":"arn:aws:iam::123456789012:oidc-provider/gitlab.example.com"}}""", "gitlab.oidcProviderArn is \"arn:aws:iam::123456789012:oidc-provider/gitlab.example.com\"; it belongs to another GitLab instance")]
    [InlineData("""{"gitlab":{"projects":["shop"]}}""", "gitlab.projects[0] is \"shop\"; the path of a project looks like group/project or group/subgroup/project, without the address of GitLab and without *")]
    [InlineData("""{"gitlab":{"projects":["group/*"]}}""", "gitlab.projects[0] is \"group/*\"; the path of a project looks like group/project or group/subgroup/project, without the address of GitLab and without *")]
    [InlineData("""{"gitlab":{"projects":["https://gitlab.com/g/p"]}}""", "gitlab.projects[0] is \"https://gitlab.com/g/p\"; the path of a project looks like group/project or group/subgroup/project, without the address of GitLab and without *")]
    [InlineData("""{"gitlab":{"projects":["g/p","g/p"]}}""", "gitlab.projects[1] is \"g/p\"; it is in the list twice")]
    [InlineData("""{"gitlab":{"projects":["g/p"],"branches":["*"]}}""", "gitlab.branches[0] is \"*\"; it matches all of them, also those that are not protected")]
    [InlineData("""{"gitlab":{"projects":["g/p"],"branches":["*/*"]}}""", "gitlab.branches[0] is \"*/*\"; it matches all of them, also those that are not protected")]
    [InlineData("""{"gitlab":{"projects":["g/p"],"tags":["v 1"]}}""", "gitlab.tags[0] is \"v 1\"; use letters, digits and . _ - / for a branch or tag, and * for any part of its name")]
    [InlineData("""{"gitlab":{"projects":["g/p"],"branches":["main","main"]}}""", "gitlab.branches[1] is \"main\"; it is in the list twice")]
    [InlineData("""{"gitlab":{"projects":["g/p"],"branches":[],"tags":[]}}""", "gitlab.branches is empty, and so is tags; no pipeline could push")]
    [InlineData("""{"gitlab":{"token":"x"}}""", "gitlab.token is not a setting; the settings here are branches, oidcProviderArn, projects, runnerSecret, tags, url")]

    // environments
    [InlineData("""{"environments":{"dev":{"namespaces":["payments"]}}}""", "environments.dev trusts no pipeline, because ha-cluster:delivery.gitlab.projects is empty")]
    [InlineData("""{"gitlab":{"projects":["g/p"]},"environments":{"Dev":{"namespaces":["payments"]}}}""", "environments.Dev is not a valid name of an environment")]
    [InlineData("""{"gitlab":{"projects":["g/p"]},"environments":{"an-environment-long":{"namespaces":["payments"]}}}""", "environments.an-environment-long is not a valid name of an environment")]
    [InlineData("""{"gitlab":{"projects":["g/p"]},"environments":{"dev":{}}}""", "environments.dev.namespaces is empty; list the namespaces")]
    [InlineData("""{"gitlab":{"projects":["g/p"]},"environments":{"dev":{"namespaces":["payments"],"branches":[],"tags":[]}}}""", "environments.dev.branches is empty, and so is tags; no pipeline could deploy here")]
    [InlineData("""{"gitlab":{"projects":["g/p"]},"environments":{"dev":{"namespaces":["shop"]}}}""", "environments.dev.namespaces is \"shop\"; the cluster has no such namespace; it has chains")]
    [InlineData("""{"gitlab":{"projects":["g/p"]},"environments":{"dev":{"namespaces":["platform"]}}}""", "environments.dev.namespaces is \"platform\"; its pods may change the whole cluster, and so could anyone who deploys an image there")]
    [InlineData("""{"gitlab":{"projects":["g/p"]},"environments":{"dev":{"namespaces":["logging"]}}}""", "environments.dev.namespaces is \"logging\"; its pods may change the whole cluster, and so could anyone who deploys an image there")]

    // runner
    [InlineData("""{"runner":{"httpTo":["169.254.169.254/32"]}}""", "runner.httpTo is 169.254.169.254/32; it contains the address of the instance metadata service")]
    [InlineData("""{"runner":{"sshTo":["128.0.0.0/1"]}}""", "runner.sshTo is 128.0.0.0/1; it contains the address of the instance metadata service")]
    [InlineData("""{"runner":{"replicas":0}}""", "runner.replicas is 0; choose a number from 1 to 6")]
    [InlineData("""{"runner":{"job":{"cpu":3,"cpuLimit":2}}}""", "runner.job.cpu is 3; it is more than ha-cluster:delivery.runner.job.cpuLimit, which is 2")]
    [InlineData("""{"gitlab":{"runnerSecret":"c/r"},"runner":{"concurrent":9}}""", "runner.concurrent is 9; 18 concurrent jobs need more than ha-cluster:quotas.delivery.memory allows; 24Gi is enough for 4")]
    [InlineData("""{"gitlab":{"runnerSecret":"c/r"},"runner":{"job":{"memory":"9Gi"}}}""", "runner.job.memory is 9Gi; a container in this namespace may have at most 8Gi")]
    [InlineData("""{"gitlab":{"runnerSecret":"c/r"},"runner":{"job":{"ephemeralStorage":"11Gi"}}}""", "runner.job.ephemeralStorage is 11Gi; a container in this namespace may have at most 10Gi")]
    [InlineData("""{"gitlab":{"runnerSecret":"c/r"},"runner":{"job":{"cpuLimit":5}}}""", "runner.job.cpuLimit is 5; a container in this namespace may have at most 4")]
    [InlineData("""{"gitlab":{"runnerSecret":"c/r"},"runner":{"concurrent":50,"job":{"memory":"1Mi","ephemeralStorage":"1Mi","cpu":"1m"}}}""", "runner.concurrent is 50; 100 jobs and their managers need more pods than ha-cluster:quotas.delivery.pods allows (40)")]
    public void Are_refused_by_name_with_a_way_out(string json, string message)
    {
        var (_, problems) = Configuration.Read("{\"delivery\":" + json + "}");

        Assert.Contains(problems, problem => problem.StartsWith("ha-cluster:delivery." + message, StringComparison.Ordinal));
    }

    [Fact]
    public void A_token_in_place_of_the_name_of_a_secret_is_refused_without_showing_it()
    {
        var (_, problems) = Configuration.Read("""{"delivery":{"gitlab":{"runnerSecret":"glrt-hunter2"}}}""");

        var problem = Assert.Single(problems);
        Assert.StartsWith("ha-cluster:delivery.gitlab.runnerSecret contains a token, and settings are not secret", problem, StringComparison.Ordinal);
        Assert.DoesNotContain("hunter2", problem, StringComparison.Ordinal);
    }

    [Fact]
    public void What_does_not_run_need_not_fit() => Assert.Empty(Configuration.Read("""{"delivery":{"runner":{"concurrent":9}}}""").Problems);

    [Fact]
    public void A_larger_quota_makes_room() => Assert.Empty(
        Configuration.Read("""{"quotas":{"delivery":{"cpu":30,"memory":"120Gi","ephemeralStorage":"250Gi"}},"delivery":{"gitlab":{"runnerSecret":"c/r"},"runner":{"concurrent":9}}}""").Problems);

    [Fact]
    public void All_is_reported_at_once() =>
        Assert.Equal(4, Configuration.Read("""{"delivery":{"repositories":["A"],"copyTo":["x"],"gitlab":{"url":"x"},"runner":{"replicas":9}}}""").Problems.Count);

    [Theory]
    [InlineData("{}", "gitlab.runnerSecret is empty; no GitLab runner is installed")]
    [InlineData("{}", "gitlab.projects is empty; no pipeline can push images or deploy them")]
    [InlineData("""{"gitlab":{"projects":["g/p"]}}""", "environments is empty; pipelines can push images but not deploy them")]
    [InlineData("""{"gitlab":{"runnerSecret":"c/r"},"runner":{"replicas":1}}""", "runner.replicas is 1; builds stop while its node is replaced or its zone is lost")]
    [InlineData("""{"copyTo":["eu-west-1"]}""", "copyTo is eu-west-1; an account has one replication rule per region, and this replaces the one that")]
    public void What_is_given_up_is_said(string json, string notice) => Assert.Contains(
        Notices.For(Configuration.Read("{\"delivery\":" + json + "}").Settings),
        each => each.StartsWith("ha-cluster:delivery." + notice, StringComparison.Ordinal));

    [Fact]
    public void Nothing_is_said_of_what_is_switched_off() => Assert.DoesNotContain(
        Notices.For(Configuration.Read("""{"delivery":{"enabled":false,"copyTo":["eu-central-1"]}}""").Settings),
        each => each.StartsWith("ha-cluster:delivery", StringComparison.Ordinal));
}
