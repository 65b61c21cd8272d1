namespace HaCluster.Stack.Guardrails;

/// <summary>The rules for what is no pod: namespaces without guards, and objects that outlive or get around the others.</summary>
internal static class ObjectRules
{
    // For policies on several kinds: dyn() keeps the API server's type check from asking each for the fields of the others.
    private static readonly (string Name, string Expression) Subject = ("subject", "dyn(object)");

    /// <summary>Longest that a token may live: as long as those of EKS's own pod identities.</summary>
    private const int LongestTokenSeconds = 86_400;

    /// <summary>
    /// Takes an address for a Service that nobody gave it: traffic from every pod to that address, a bank's or the instance metadata's, ends at
    /// the Service (CVE-2020-8554, https://github.com/kubernetes/kubernetes/issues/97076). A load balancer needs none of them. Those that are
    /// there already may stay until somebody changes them.
    /// </summary>
    public static readonly AdmissionRule RefuseExternalAddresses = new(
        "refuse-external-ips",
        "externalIPs would draw the traffic of all pods to these addresses; publish the service through the gateway instead of",
        "has(object.spec.externalIPs) ? object.spec.externalIPs.filter(a,"
        + " oldObject == null || !has(oldObject.spec.externalIPs) || !(a in oldObject.spec.externalIPs)) : []")
    {
        Refuses = [new RequestMatch("", ["services"], ["CREATE", "UPDATE"])],
        Namespaces = null,
    };

    /// <summary>
    /// Credentials that work until somebody deletes them: a Secret of this type, or a token asked for a year. The kubelet may ask for any: its
    /// tokens are of pods, and end with those.
    /// </summary>
    public static readonly AdmissionRule RefuseEndlessTokens = new(
        "refuse-endless-tokens",
        "a token has to end within a day: use `kubectl create token` or a projected volume with an expirationSeconds of 86400 at most instead of",
        "object.kind == 'Secret'"
        + " ? (has(variables.subject.type) && variables.subject.type == 'kubernetes.io/service-account-token' ? ['a service-account-token Secret'] : [])"
        + " : request.userInfo.username.startsWith('system:node:') || !has(variables.subject.spec.expirationSeconds)"
        + $" || variables.subject.spec.expirationSeconds <= {LongestTokenSeconds} ? [] : [string(variables.subject.spec.expirationSeconds) + ' seconds']")
    {
        Variables = [Subject],
        Refuses = [new RequestMatch("", ["secrets"], ["CREATE"]), new RequestMatch("", ["serviceaccounts/token"], ["CREATE"])],
    };

    /// <summary>
    /// A directory of a node as a volume: a claim for it gets around Pod Security, which looks at the volumes of pods only, and no limit counts
    /// what is written there.
    /// </summary>
    public static readonly AdmissionRule RefuseNodeVolumes = new(
        "refuse-node-volumes",
        "a volume has to outlive its node: use a storage class of this cluster instead of",
        "has(object.spec.hostPath) ? ['hostPath ' + object.spec.hostPath.path] : has(object.spec.local) ? ['local ' + object.spec.local.path] : []")
    {
        Refuses = [new RequestMatch("", ["persistentvolumes"], ["CREATE"])],
        Namespaces = null,
    };

    /// <summary>
    /// Keeps pods, volumes and ports out of namespaces that this program did not make: those have no quota, no limits, no Pod Security level
    /// and no network policies. Whoever needs one declares it, at whatever level, and it has all of them.
    /// </summary>
    /// <param name="namespaces">Names of all that the program makes.</param>
    public static AdmissionRule RefuseOtherNamespaces(IEnumerable<string> namespaces) => new(
        "refuse-other-namespaces",
        "declare the namespace under ha-cluster:namespaces, which gives it a quota and limits; there are none in",
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
