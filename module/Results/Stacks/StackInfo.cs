namespace HaCluster;

/// <summary>A stack as its file declares it.</summary>
/// <param name="Cluster">Name that its cluster has or would have.</param>
/// <param name="Project">Name of the Pulumi project.</param>
/// <param name="Sites">Names of its sites.</param>
/// <param name="Problem">Why the file cannot be read; empty when it can.</param>
public sealed record StackInfo(
    string Name, string Cluster, string Region, string Project, IReadOnlyList<string> Sites, string Path, DateTimeOffset Changed, string Problem);

/// <summary>One question of <c>Test-HaStack</c>.</summary>
/// <param name="Check"><c>settings</c>, <c>policies</c>, <c>proof</c>, <c>quotas</c>, <c>credentials</c>.</param>
/// <param name="Status"><c>Passed</c>, <c>Failed</c>, <c>Incomplete</c>: not everything could be looked at; <c>Skipped</c>: something before it failed.</param>
/// <param name="Findings">What is wrong or unknown, one sentence each.</param>
public sealed record StackCheck(string Stack, string Check, string Status, string Summary, IReadOnlyList<string> Findings);

/// <summary>A web site of a stack.</summary>
/// <param name="Address">Under which it is reached.</param>
/// <param name="State"><c>Declared</c>: in the settings. <c>Deployed</c>: pulumi up has run. <c>Answers</c>: its address gave a response below 400.</param>
/// <param name="Note">What to do next; empty when it answers.</param>
public sealed record StackSite(
    string Stack, string Name, string Image, string Domain, int? MinReplicas, int? MaxReplicas, string Address, string State, string Note);

/// <summary>What a run of Pulumi changed.</summary>
/// <param name="Command"><c>up</c>, <c>refresh</c>, <c>destroy</c> or <c>preview</c>.</param>
/// <param name="Left">Resources that carry the cluster's tags and are still there after a destroy.</param>
public sealed record StackDeployment(
    string Stack, string Command, IReadOnlyDictionary<string, int> Changes, IReadOnlyList<string> Warnings, TimeSpan Took, IReadOnlyList<LeftResource> Left);

/// <summary>An AWS resource that nothing deleted.</summary>
/// <param name="Kind">Such as <c>volume</c>, <c>security group</c>, <c>log group</c>.</param>
public sealed record LeftResource(string Kind, string Id, string Name, string Why);
