using System.Collections.Immutable;
using System.Text;
using System.Text.Json;
using HaCluster.Stack.Workloads;

namespace HaCluster.Stack.Logging.Setup;

/// <summary>The files of a set-up: the script, its list of steps, and one document per step.</summary>
/// <param name="ByName">Contents.</param>
public sealed record SetupFiles(ImmutableSortedDictionary<string, string> ByName)
{
    /// <summary>Name of the script.</summary>
    public const string Script = "setup.sh";

    /// <summary>Name of the list of steps: verb, path and document, one per line.</summary>
    public const string Steps = "steps.txt";

    /// <summary>Differs whenever a file does; lower-case, fit for a name in Kubernetes.</summary>
    public string Hash => ContentHash.Of(ByName);

    public static SetupFiles Of(IEnumerable<SetupStep> steps)
    {
        var files = ImmutableSortedDictionary.CreateBuilder<string, string>(StringComparer.Ordinal);
        var list = new StringBuilder();
        foreach (var (step, index) in steps.Select((step, index) => (step, index)))
        {
            var name = $"{index + 1:00}{step.Path.Replace('/', '-').TrimEnd('-')}.json";
            files[name] = step.Body.ToJsonString(JsonSerializerOptions.Web);
            list.Append(step.Verb).Append(' ').Append(step.Path).Append(' ').Append(name).Append('\n');
        }

        files[Steps] = list.ToString();
        files[Script] = SetupScript.Text.ReplaceLineEndings("\n");
        return new SetupFiles(files.ToImmutable());
    }
}
