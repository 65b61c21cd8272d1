using System.Text.Json.Nodes;

namespace HaCluster.Stack.Logging.Setup;

/// <summary>One thing that OpenSearch is told, as often as need be.</summary>
/// <param name="Kind">How to tell it.</param>
/// <param name="Path">Path of the request, the first slash included.</param>
/// <param name="Body">What is sent.</param>
public sealed record SetupStep(SetupStepKind Kind, string Path, JsonObject Body)
{
    /// <summary>The word that the script knows the kind by.</summary>
    public string Verb => Kind switch
    {
        SetupStepKind.Put => "put",
        SetupStepKind.PutVersion => "put-version",
        SetupStepKind.PostThenPutVersion => "post-version",
        _ => "post-each",
    };
}
