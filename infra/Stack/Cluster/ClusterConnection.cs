using HaCluster.Stack.Naming;
using Pulumi;
using Kubernetes = Pulumi.Kubernetes;

namespace HaCluster.Stack.Cluster;

/// <summary>How the program declares Kubernetes objects.</summary>
public static class ClusterConnection
{
    /// <summary>A provider for the objects of the cluster.</summary>
    /// <remarks>
    /// The identifier is fixed: without one, the provider treats any change of the kubeconfig (an upgrade, a new tag) as another cluster and
    /// plans to replace every object in it.
    /// </remarks>
    public static Kubernetes.Provider Open(string name, StackScope scope, ControlPlane controlPlane) => new(
        name,
        new Kubernetes.ProviderArgs
        {
            // With the credentials of the program: the AWS provider takes the profile from the settings, the AWS CLI would not.
            KubeConfig = controlPlane.KubeConfigFor(new Config("aws").Get("profile")),
            ClusterIdentifier = $"{scope.Account.Region}/{scope.ClusterName}",
            EnableServerSideApply = true,
        },
        new CustomResourceOptions { Parent = controlPlane });
}
