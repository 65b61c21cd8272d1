using System.Collections.Frozen;
using System.Globalization;
using HaCluster.Engine.Values;

namespace HaCluster.Planning.Modelling.Manifests;

/// <summary>
/// Values of the wrong type, which the API server refuses ("cannot unmarshal string into Go struct field"): a word instead of a boolean would otherwise be
/// read as false. Fields go by their names, which mean one thing wherever they are in the kinds that are read.
/// </summary>
internal static class FieldTypes
{
    private static readonly FrozenSet<string> Booleans = Set(
        "allocateLoadBalancerNodePorts", "allowPrivilegeEscalation", "allowVolumeExpansion", "automountServiceAccountToken", "blockOwnerDeletion", "controller",
        "enableServiceLinks", "globalDefault", "hostIPC", "hostNetwork", "hostPID", "hostUsers", "immutable", "optional", "paused", "privileged",
        "publishNotReadyAddresses", "readOnly", "readOnlyRootFilesystem", "runAsNonRoot", "setHostnameAsFQDN", "shareProcessNamespace", "stdin", "stdinOnce",
        "suspend", "tty", "unschedulable");

    private static readonly FrozenSet<string> Integers = Set(
        "activeDeadlineSeconds", "backoffLimit", "completions", "containerPort", "failureThreshold", "hostPort", "initialDelaySeconds", "maxReplicas", "maxSkew",
        "minDomains", "minReadySeconds", "minReplicas", "nodePort", "parallelism", "periodSeconds", "priority", "progressDeadlineSeconds", "replicas",
        "revisionHistoryLimit", "successThreshold", "terminationGracePeriodSeconds", "timeoutSeconds", "tolerationSeconds", "ttlSecondsAfterFinished", "weight");

    private static readonly FrozenSet<string> Texts = Set(
        "claimName", "effect", "generateName", "image", "imagePullPolicy", "key", "name", "namespace", "nodeName", "operator",
        "preemptionPolicy", "priorityClassName", "restartPolicy", "runtimeClassName", "schedulerName", "serviceAccountName", "storageClassName", "topologyKey",
        "volumeName", "whenUnsatisfiable");

    /// <summary>Maps with string values.</summary>
    private static readonly FrozenSet<string> TextMaps = Set("annotations", "data", "labels", "matchLabels", "nodeSelector", "parameters", "stringData");

    private static readonly FrozenSet<string> TextLists = Set("accessModes", "args", "command", "matchLabelKeys", "values");

    /// <summary>Lists of objects.</summary>
    private static readonly FrozenSet<string> Lists = Set(
        "containers", "initContainers", "tolerations", "topologySpreadConstraints", "volumeClaimTemplates", "volumeMounts", "volumes");

    /// <summary>Lists whose items have a string as their <c>value</c>.</summary>
    private static readonly FrozenSet<string> ListsOfTextValues = Set("env", "httpHeaders", "sysctls", "tolerations");

    public static IEnumerable<string> Problems(PropertyValue content) => Walk(content, "", "");

    /// <param name="list">Name of the list that the value is in.</param>
    private static IEnumerable<string> Walk(PropertyValue value, string path, string list) => value switch
    {
        PropertyValue.Map map => map.Entries.SelectMany(entry => Field(entry.Key, entry.Value, path.Length == 0 ? entry.Key : $"{path}.{entry.Key}", list)),
        PropertyValue.List items => items.Items.SelectMany((item, index) => Walk(item, $"{path}[{index}]", list)),
        _ => [],
    };

    private static IEnumerable<string> Field(string name, PropertyValue value, string path, string list)
    {
        if (value is PropertyValue.Null)
            return [];
        if (TextMaps.Contains(name) && value is PropertyValue.Map texts)
            return texts.Entries.SelectMany(entry => Text(entry.Value, $"{path}.{entry.Key}"));
        if (TextLists.Contains(name) && value is PropertyValue.List items)
            return items.Items.SelectMany((item, index) => Text(item, $"{path}[{index}]"));
        if (Lists.Contains(name) && value is not PropertyValue.List)
            return [$"{path} is {Show(value)}; write a list"];
        if (Booleans.Contains(name))
            return value is PropertyValue.Bool ? [] : [$"{path} is {Show(value)}; write true or false, without quotes"];
        if (Integers.Contains(name))
            return value is PropertyValue.Number { Value: var number } && double.IsInteger(number) ? [] : [$"{path} is {Show(value)}; write a whole number, without quotes"];
        // An image volume has an object as its image.
        if ((Texts.Contains(name) && !(name == "image" && value is PropertyValue.Map)) || (name == "value" && ListsOfTextValues.Contains(list)))
            return Text(value, path);
        return Walk(value, path, value is PropertyValue.List ? name : list);
    }

    private static IEnumerable<string> Text(PropertyValue value, string path) => value is PropertyValue.Text or PropertyValue.Null ? []
        : [$"{path} is {Show(value)}, but it must be a string{(value is PropertyValue.Map or PropertyValue.List ? "" : ": put it in quotes")}"];

    public static string Show(PropertyValue value) => value switch
    {
        PropertyValue.Text text => $"\"{text.Value}\"",
        PropertyValue.Number number => number.Value.ToString(CultureInfo.InvariantCulture),
        PropertyValue.Bool { Value: var flag } => flag ? "true" : "false",
        PropertyValue.List => "a list",
        PropertyValue.Map => "an object",
        _ => "empty",
    };

    private static FrozenSet<string> Set(params string[] names) => names.ToFrozenSet(StringComparer.Ordinal);
}
