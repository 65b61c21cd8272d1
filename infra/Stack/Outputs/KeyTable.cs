using System.Collections.Immutable;
using HaCluster.Stack.Encryption;
using Pulumi;

namespace HaCluster.Stack.Outputs;

/// <summary>KMS keys for the stack's outputs.</summary>
public static class KeyTable
{
    public static Output<ImmutableDictionary<string, object>> Of(EncryptionKeys keys) => Output
        .Tuple(keys.Secrets.Arn, keys.Volumes.Arn, keys.Logs.Arn)
        .Apply(arns => ImmutableDictionary.CreateRange<string, object>(
            [new("secrets", arns.Item1), new("volumes", arns.Item2), new("logs", arns.Item3)]));
}
