using HaCluster.Planning.Modelling;
using HaCluster.Planning.Modelling.Manifests;
using HaCluster.Planning.Stacks;
using HaCluster.Simulation.Model;

namespace HaCluster.Planning.Tests.Modelling;

/// <summary>Which files of a directory are read, and what is said of those that are not.</summary>
public sealed class ManifestFilesTests : IDisposable
{
    private const string Web = """
        apiVersion: apps/v1
        kind: Deployment
        metadata: {name: web, namespace: shop}
        spec:
          replicas: 2
          selector: {matchLabels: {app: web}}
          template:
            metadata: {labels: {app: web}}
            spec:
              containers:
              - name: web
                image: example.com/web:1
        """;

    private readonly Scratch _scratch = new();

    private static ClusterModel Cluster => new() { Name = "test", Zones = ["a", "b"], Version = "1.35", Namespaces = ["shop"] };

    public void Dispose() => _scratch.Dispose();

    [Fact]
    public void A_single_file_is_enough() => Assert.Single(ManifestModel.Add(Cluster, _scratch.Write("web.yaml", Web)).Workloads);

    [Fact]
    public void A_kustomization_is_named_with_what_renders_it()
    {
        _scratch.Write("kustomization.yaml", "resources: [web.yaml]\n");
        _scratch.Write("web.yaml", Web);
        Assert.Contains("is a kustomization, not a directory of manifests: render it with `kubectl kustomize ", Problem(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_chart_and_a_kustomization_below_are_left_aside_and_said()
    {
        _scratch.Write("web.yaml", Web);
        _scratch.Write("chart/Chart.yaml", "apiVersion: v2\nname: it\n");
        _scratch.Write("chart/templates/web.yaml", "{{ if .Values.on }}\n" + Web + "\n{{ end }}\n");
        _scratch.Write("overlay/kustomization.yml", "resources: [../base]\n");
        var model = ManifestModel.Add(Cluster, _scratch.Path, isRecursive: true);
        Assert.Single(model.Workloads);
        Assert.Equal(["directory chart", "directory overlay"], model.Unknown.Select(unknown => unknown.Subject));
        Assert.All(model.Unknown, unknown => Assert.True(unknown.HidesPods));
    }

    /// <summary>Some repositories ship the same application once more below, in another form.</summary>
    [Fact]
    public void Directories_below_are_read_only_when_asked_for()
    {
        _scratch.Write("web.yaml", Web);
        _scratch.Write("all-in-one/all.yaml", Web.Replace("name: web", "name: other", StringComparison.Ordinal));
        var model = Read();
        Assert.Equal(["shop/web"], model.Workloads.Select(workload => workload.Id));
        var unread = Assert.Single(model.Unknown);
        Assert.Equal(("directory all-in-one", true), (unread.Subject, unread.HidesPods));
        Assert.Contains("add -R to read it", unread.Reason, StringComparison.Ordinal);

        Assert.Equal(2, ManifestModel.Add(Cluster, _scratch.Path, isRecursive: true).Workloads.Length);
    }

    [Theory]
    [InlineData("{0}//")]
    [InlineData("{0}/./apps/..")]
    [InlineData("{0}/apps//../")]
    public void However_the_directory_is_spelled_its_own_files_are_read(string spelling)
    {
        _scratch.Write("web.yaml", Web);
        _scratch.Write("apps/other.yaml", Web.Replace("name: web", "name: other", StringComparison.Ordinal));
        _scratch.Write("chart/Chart.yaml", "apiVersion: v2\nname: it\n");
        var path = string.Format(System.Globalization.CultureInfo.InvariantCulture, spelling, _scratch.Path);
        var model = ManifestModel.Add(Cluster, path);
        Assert.Equal(["shop/web"], model.Workloads.Select(workload => workload.Id));
        Assert.Equal(["directory apps", "directory chart"], model.Unknown.Select(unknown => unknown.Subject));

        var all = ManifestModel.Add(Cluster, path, isRecursive: true);
        Assert.Equal(2, all.Workloads.Length);
        Assert.Equal("directory chart", Assert.Single(all.Unknown).Subject);
    }

    [SkippableTheory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_directory_that_may_not_be_read_is_never_left_out_silently(bool isRecursive)
    {
        Skip.If(Unprivileged.IsImpossible, Unprivileged.Reason);
        _scratch.Write("web.yaml", Web);
        _scratch.Write("payments/other.yaml", Web.Replace("name: web", "name: other", StringComparison.Ordinal));
        Unprivileged.With(UnixFileMode.None, _scratch.At("payments"), () =>
        {
            if (isRecursive)
            {
                Assert.Contains(_scratch.At("payments"), Assert.Throws<UnreadableInputException>(() => ManifestModel.Add(Cluster, _scratch.Path, isRecursive: true)).Message, StringComparison.Ordinal);
                return;
            }

            var unread = Assert.Single(Read().Unknown);
            Assert.Equal(("directory payments", true), (unread.Subject, unread.HidesPods));
        });
    }

    /// <summary>A walk along these two would visit 2^40 paths.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Links_to_a_directory_that_is_read_anyway_are_not_followed(bool isRecursive)
    {
        _scratch.Write("apps/web.yaml", Web);
        _scratch.Write("web.yaml", Web);
        Directory.CreateSymbolicLink(_scratch.At("a"), ".");
        Directory.CreateSymbolicLink(_scratch.At("b"), _scratch.Path);
        Directory.CreateSymbolicLink(_scratch.At("apps/c"), "../b/apps");
        var model = ManifestModel.Add(Cluster, _scratch.Path, isRecursive: isRecursive);
        Assert.Single(model.Workloads);
        Assert.Equal(isRecursive ? [] : ["directory apps"], model.Unknown.Select(unknown => unknown.Subject));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_link_to_manifests_elsewhere_is_named(bool isRecursive)
    {
        _scratch.Write("here/web.yaml", Web);
        _scratch.Write("there/other.yaml", Web.Replace("name: web", "name: other", StringComparison.Ordinal));
        _scratch.Write("pictures/logo.svg", "");
        Directory.CreateSymbolicLink(_scratch.At("here/more"), "../there");
        Directory.CreateSymbolicLink(_scratch.At("here/pictures"), "../pictures");
        var model = ManifestModel.Add(Cluster, _scratch.At("here"), isRecursive: isRecursive);
        Assert.Equal("shop/web", Assert.Single(model.Workloads).Id);
        var unread = Assert.Single(model.Unknown);
        Assert.Equal(("directory more", true), (unread.Subject, unread.HidesPods));
        Assert.StartsWith("it is a link and was not read", unread.Reason, StringComparison.Ordinal);
        File.Delete(_scratch.At("here/web.yaml"));
        Assert.Contains("directory more: it is a link", Assert.Throws<UnreadableInputException>(() => ManifestModel.Add(Cluster, _scratch.At("here"), isRecursive: isRecursive)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_directory_of_directories_names_the_option()
    {
        _scratch.Write("apps/web.yaml", Web);
        Assert.EndsWith("itself holds no .yaml, .yml or .json file; add -R to read its subdirectories: apps", Problem(), StringComparison.Ordinal);
    }

    private ClusterModel Read() => ManifestModel.Add(Cluster, _scratch.Path);

    private string Problem() => Assert.Throws<UnreadableInputException>(() => ManifestDirectory.Read(_scratch.Path)).Message;
}
