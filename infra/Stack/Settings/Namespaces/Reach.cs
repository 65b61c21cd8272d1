namespace HaCluster.Stack.Settings.Namespaces;

/// <summary>Destinations that pods of a namespace may connect to, in addition to cluster DNS and each other.</summary>
[Flags]
public enum Reach
{
    None = 0,

    /// <summary>The Kubernetes API and the endpoints of AWS services: HTTPS in the subnets of endpoints, and the pod identity agent of the node.</summary>
    ControlPlane = 1,

    /// <summary>Databases: any port in the data subnets.</summary>
    Data = 2,

    /// <summary>HTTPS outside private address space.</summary>
    InternetHttps = 4,

    /// <summary>Any port outside private address space: peers of a blockchain choose their own.</summary>
    InternetAnyPort = 8,

    /// <summary>Every pod and node of the cluster: scraping metrics.</summary>
    WholeCluster = 16,
}
