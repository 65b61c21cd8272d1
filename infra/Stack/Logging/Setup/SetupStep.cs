using System.Text.Json.Nodes;

namespace HaCluster.Stack.Logging.Setup;

/// <summary>One idempotent request to OpenSearch.</summary>
/// <param name="Kind">How to send it.</param>
/// <param name="Path">Path of the request, the first slash included.</param>
/// <param name="Body">What is sent.</param>
public sealed record SetupStep(SetupStepKind Kind, string Path, JsonObject Body)
{
    /// <summary>Name of the kind in the script.</summary>
    public string Verb => Kind switch
    {
        SetupStepKind.Put => "put",
        SetupStepKind.PutVersion => "put-version",
        SetupStepKind.PostThenPutVersion => "post-version",
        _ => "post-each",
    };
}
