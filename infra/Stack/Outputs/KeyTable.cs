using System.Collections.Immutable;
using HaCluster.Stack.Encryption;
using Pulumi;
using Aws = Pulumi.Aws;

namespace HaCluster.Stack.Outputs;

/// <summary>The stack output that names the KMS keys.</summary>
public static class KeyTable
{
    public static Output<ImmutableDictionary<string, object>> Of(EncryptionKeys keys)
    {
        (string Purpose, Aws.Kms.Key Key)[] named =
        [
            ("secrets", keys.Secrets),
            ("volumes", keys.Volumes),
            ("logs", keys.Logs),
            ("databases", keys.Databases),
            ("alarms", keys.Alarms),
        ];
        return Output.All(named.Select(one => one.Key.Arn)).Apply(arns => named
            .Zip(arns)
            .ToImmutableDictionary(pair => pair.First.Purpose, pair => (object)pair.Second));
    }
}
