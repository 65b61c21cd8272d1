using System.Collections.Immutable;
using HaCluster.Engine.Graph;

namespace HaCluster.Planning.Facts;

/// <summary>Something that keeps data on disk, and whether it is encrypted there.</summary>
public sealed record EncryptionFacts(string Subject, bool IsEncrypted)
{
    internal static ImmutableArray<EncryptionFacts> Of(ResourceGraph graph) => [.. graph.Resources.SelectMany(Of).OrderBy(fact => fact.Subject, StringComparer.Ordinal)];

    private static IEnumerable<EncryptionFacts> Of(ResourceNode resource)
    {
        switch (resource.Type)
        {
            case "aws:eks/cluster:Cluster":
                yield return new EncryptionFacts(
                    $"Kubernetes secrets of {resource.Name}", resource.Inputs.At("encryptionConfig", "provider", "keyArn").Text() is not null);
                break;
            case "aws:ec2/launchTemplate:LaunchTemplate":
                foreach (var disk in resource.Inputs.At("blockDeviceMappings").Items())
                    yield return new EncryptionFacts($"{disk.At("deviceName").Text()} of {resource.Name}", disk.At("ebs", "encrypted").IsTrue());
                break;
            case "kubernetes:storage.k8s.io/v1:StorageClass" when resource.Inputs.At("provisioner").Text() == "ebs.csi.aws.com":
                yield return new EncryptionFacts(
                    $"storage class {resource.Inputs.At("metadata", "name").Text() ?? resource.Name}",
                    resource.Inputs.At("parameters", "encrypted").IsTrue());
                break;
            case "aws:opensearch/domain:Domain":
                yield return new EncryptionFacts($"domain {resource.Name}", resource.Inputs.At("encryptAtRest", "enabled").IsTrue());
                break;
            case "aws:s3/bucket:Bucket" or "aws:s3/bucketV2:BucketV2":
                // S3 has encrypted every new object by itself since 2023.
                yield return new EncryptionFacts($"bucket {resource.Name}", true);
                break;
            case "aws:rds/cluster:Cluster" or "aws:rds/instance:Instance" or "aws:efs/fileSystem:FileSystem":
                yield return new EncryptionFacts(
                    $"{resource.Name}", resource.Inputs.At("storageEncrypted").IsTrue() || resource.Inputs.At("encrypted").IsTrue());
                break;
        }
    }
}
