using HaCluster.Conformance.Emit;

namespace HaCluster.Conformance.Stacks;

/// <summary>What the program declares is right in the eyes of the official typings.</summary>
[Collection(OfficialCollection.Name)]
public sealed class OfficialTypingsTests(OfficialTwin twin)
{
    [SkippableTheory]
    [InlineData("dev")]
    [InlineData("prod")]
    [InlineData("firewall")]
    public async Task Every_resource_type_checks(string stack)
    {
        Skip.If(NodePackages.Missing is not null, NodePackages.Missing);
        var compiled = await twin.CompiledAsync(stack);
        Assert.True(compiled.Complaints.Count == 0, string.Join('\n', compiled.Complaints));
        // Every resource is there: none was left out to please the compiler.
        var declared = await twin.DeclaredAsync(stack);
        Assert.Equal(declared.Resources.Length - 1, compiled.Source.Split('\n').Count(line => line.StartsWith("const _", StringComparison.Ordinal)));
    }

    /// <summary>Each mistake is put into the very program that passes, one compiler run for all of them.</summary>
    [SkippableFact]
    public async Task Mistakes_are_found()
    {
        Skip.If(NodePackages.Missing is not null, NodePackages.Missing);
        var source = (await twin.CompiledAsync("dev")).Source;
        Mistake[] mistakes =
        [
            new("unknown property", """new aws.ec2.Vpc("m1", { cidrBlock: "10.0.0.0/16", cidrBlok: "10.0.0.0/16" })""", "cidrBlok"),
            new("wrong type", """new aws.ec2.Vpc("m2", { cidrBlock: 10 })""", "number"),
            new("missing required property", """new aws.ec2.Subnet("m3", { cidrBlock: "10.0.0.0/24" })""", "vpcId"),
            new("unknown nested property", """new k8s.core.v1.Namespace("m4", { metadata: { labelz: {} } })""", "labelz"),
            new("wrong type behind a dependency", """new aws.ec2.Vpc("m5", { cidrBlock: after([], 10) })""", "number"),
            new("unknown property behind a dependency", """new k8s.core.v1.Namespace("m6", { metadata: after([], { nam: "x" }) })""", "nam"),
            new("wrong type of a secret", """new aws.ec2.Vpc("m7", { enableDnsSupport: secret("yes") })""", "boolean"),
            new("unknown option", """new aws.ec2.Vpc("m8", {}, { protectt: true })""", "protectt"),
            new("unknown value of an enum", """new k8s.core.v1.ConfigMap("m9", { kind: "ConfigMop" })""", "ConfigMop"),
        ];
        using var workspace = new NodeWorkspace();
        var firstLine = source.Split('\n').Length;
        var complaints = await workspace.CompileAsync(source + string.Join('\n', mistakes.Select(mistake => mistake.Statement + ";")));

        for (var i = 0; i < mistakes.Length; i++)
        {
            var found = complaints.Where(complaint => complaint.StartsWith($"program.ts({firstLine + i},", StringComparison.Ordinal)).ToList();
            Assert.True(found.Any(complaint => complaint.Contains(mistakes[i].Named, StringComparison.Ordinal)),
                $"{mistakes[i].What} was not found; the compiler said:\n{string.Join('\n', complaints)}");
        }
        Assert.False(File.Exists(Path.Combine(workspace.Folder, "program.js")), "a program with mistakes must not be written");
    }

    private sealed record Mistake(string What, string Statement, string Named);
}
