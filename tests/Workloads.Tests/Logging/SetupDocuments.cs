using System.Collections.Immutable;
using HaCluster.Stack.Logging.Setup;
using HaCluster.Stack.Settings;
using HaCluster.Stack.Settings.Logging;

namespace HaCluster.Workloads.Tests.Logging;

/// <summary>What the program hands to the setup of OpenSearch, with roles made up.</summary>
internal static class SetupDocuments
{
    public static LoggingSettings Settings { get; } = LoggingSettings.Read(
        SettingsReader.Root("ha-cluster", ImmutableDictionary<string, string>.Empty, ImmutableHashSet<string>.Empty, new SettingsProblems()).Object("logging"), zones: 3);

    public static SetupFiles Files { get; } = SetupFiles.Of(SearchSetup.Steps(
        Settings, new SearchPrincipals("arn:setup", "arn:agent", "arn:audit", "arn:finance", ["arn:reader"]), "eu-central-1", "bucket", "arn:snapshots"));

    /// <summary>The steps as the script reads them: verb, path, document.</summary>
    public static ImmutableArray<(string Verb, string Path, string Document)> Steps { get; } =
    [
        .. Files.ByName[SetupFiles.Steps].Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => line.Split(' '))
            .Select(parts => (parts[0], parts[1], Files.ByName[parts[2]])),
    ];
}
