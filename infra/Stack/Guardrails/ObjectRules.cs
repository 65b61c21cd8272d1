namespace HaCluster.Stack.Guardrails;

/// <summary>Rules for objects other than pods: namespaces without guards, and objects that could bypass the other rules.</summary>
internal static class ObjectRules
{
    // For policies on several kinds: dyn() keeps the API server's type check from asking each for the fields of the others.
    private static readonly (string Name, string Expression) Subject = ("subject", "dyn(object)");

    /// <summary>Longest that a token may live: as long as those of EKS's own pod identities.</summary>
    private const int LongestTokenSeconds = 86_400;

    /// <summary>
    /// externalIPs claim addresses for a Service: traffic from every pod to such an address, a bank's or the instance metadata's, goes to
    /// the Service (CVE-2020-8554, https://github.com/kubernetes/kubernetes/issues/97076). A load balancer needs none of them. Those that are
    /// there already may stay until somebody changes them.
    /// </summary>
    public static readonly AdmissionRule RefuseExternalAddresses = new(
        "refuse-external-ips",
        "externalIPs would redirect the traffic of all pods to these addresses; publish the Service through the gateway and remove",
        "has(object.spec.externalIPs) ? object.spec.externalIPs.filter(a,"
        + " oldObject == null || !has(oldObject.spec.externalIPs) || !(a in oldObject.spec.externalIPs)) : []")
    {
        Refuses = [new RequestMatch("", ["services"], ["CREATE", "UPDATE"])],
        Namespaces = null,
    };

    /// <summary>
    /// Credentials that work until somebody deletes them: a Secret of this type, or a token requested for a year. The kubelet may ask for any: its
    /// tokens are of pods, and end with those.
    /// </summary>
    public static readonly AdmissionRule RefuseEndlessTokens = new(
        "refuse-endless-tokens",
        "a token must expire within a day; use `kubectl create token`, or a projected volume with expirationSeconds of at most 86400, instead of",
        "object.kind == 'Secret'"
        + " ? (has(variables.subject.type) && variables.subject.type == 'kubernetes.io/service-account-token' ? ['a service-account-token Secret'] : [])"
        + " : request.userInfo.username.startsWith('system:node:') || !has(variables.subject.spec.expirationSeconds)"
        + $" || variables.subject.spec.expirationSeconds <= {LongestTokenSeconds} ? [] : [string(variables.subject.spec.expirationSeconds) + ' seconds']")
    {
        Variables = [Subject],
        Refuses = [new RequestMatch("", ["secrets"], ["CREATE"]), new RequestMatch("", ["serviceaccounts/token"], ["CREATE"])],
    };

    /// <summary>
    /// A directory of a node as a volume: a claim for it bypasses Pod Security, which checks the volumes of pods only, and no limit counts
    /// what is written there.
    /// </summary>
    public static readonly AdmissionRule RefuseNodeVolumes = new(
        "refuse-node-volumes",
        "a volume must survive the loss of its node; use a storage class of this cluster instead of",
        "has(object.spec.hostPath) ? ['hostPath ' + object.spec.hostPath.path] : has(object.spec.local) ? ['local ' + object.spec.local.path] : []")
    {
        Refuses = [new RequestMatch("", ["persistentvolumes"], ["CREATE"])],
        Namespaces = null,
    };

    /// <summary>
    /// Keeps pods, volumes and ports out of namespaces that this program did not make: those have no quota, no limits, no Pod Security level
    /// and no network policies. A namespace that is declared in the settings has all of them.
    /// </summary>
    /// <param name="namespaces">Names of all that the program makes.</param>
    public static AdmissionRule RefuseOtherNamespaces(IEnumerable<string> namespaces) => new(
        "refuse-other-namespaces",
        "this namespace has no quota and no limits; declare it in the settings under ha-cluster:namespaces:",
        "object.kind == 'Service' && !(has(variables.subject.spec.type) && variables.subject.spec.type in ['LoadBalancer', 'NodePort']) ? [] : [request.namespace]")
    {
        Variables = [Subject],
        Refuses =
        [
            RequestMatch.NewPods,
            new RequestMatch("", ["persistentvolumeclaims"], ["CREATE"]),
            new RequestMatch("", ["services"], ["CREATE", "UPDATE"]),
        ],
        WarnsOf = RequestMatch.Templates,
        Namespaces = NamespaceMatch.NotIn([.. namespaces.Append(AdmissionPolicies.Exempt).Order(StringComparer.Ordinal)]),
    };
}
