using System.Text.Json;
using System.Text.Json.Serialization;

namespace HaCluster.Operations.Viewing;

/// <summary>Reads a <see cref="PodReading"/> and skips all else without making objects of it.</summary>
internal sealed class PodReader : JsonConverter<PodReading>
{
    private readonly Quantities _quantities = new();

    public override PodReading Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        var pod = new PodReading();
        var requests = new Requests();
        while (Next(ref reader))
        {
            if (reader.ValueTextEquals("metadata"u8))
                Metadata(ref reader, pod);
            else if (reader.ValueTextEquals("spec"u8))
                Spec(ref reader, pod, requests);
            else if (reader.ValueTextEquals("status"u8))
                Status(ref reader, pod);
            else
                Pass(ref reader);
        }

        (pod.Cpu, pod.Memory) = requests.Total();
        return pod;
    }

    public override void Write(Utf8JsonWriter writer, PodReading value, JsonSerializerOptions options) => throw new NotSupportedException("a reading is never written");

    private static void Metadata(ref Utf8JsonReader reader, PodReading pod)
    {
        if (!Enter(ref reader))
            return;
        while (Next(ref reader))
        {
            if (reader.ValueTextEquals("name"u8))
                pod.Name = Text(ref reader);
            else if (reader.ValueTextEquals("namespace"u8))
                pod.Namespace = Text(ref reader);
            else if (reader.ValueTextEquals("uid"u8))
                pod.Uid = Text(ref reader);
            else if (reader.ValueTextEquals("resourceVersion"u8))
                pod.ResourceVersion = Text(ref reader);
            else if (reader.ValueTextEquals("deletionTimestamp"u8))
                pod.IsEnding = Text(ref reader).Length > 0;
            else if (reader.ValueTextEquals("labels"u8))
                Labels(ref reader, pod);
            else if (reader.ValueTextEquals("ownerReferences"u8))
                Owners(ref reader, pod);
            else
                Pass(ref reader);
        }
    }

    private static void Labels(ref Utf8JsonReader reader, PodReading pod)
    {
        var role = "";
        if (!Enter(ref reader))
            return;
        while (Next(ref reader))
        {
            if (reader.ValueTextEquals("pod-template-hash"u8))
                pod.TemplateHash = Text(ref reader);
            else if (reader.ValueTextEquals("ha-cluster/chain"u8))
                pod.Chain = Text(ref reader);
            else if (reader.ValueTextEquals("ha-cluster/role"u8))
                role = Text(ref reader);
            else
                Pass(ref reader);
        }

        if (role != "node")
            pod.Chain = null;
    }

    private static void Owners(ref Utf8JsonReader reader, PodReading pod)
    {
        if (!Enter(ref reader))
            return;
        while (Item(ref reader))
        {
            var (kind, name, isController) = ("", "", false);
            while (Next(ref reader))
            {
                if (reader.ValueTextEquals("kind"u8))
                    kind = Text(ref reader);
                else if (reader.ValueTextEquals("name"u8))
                    name = Text(ref reader);
                else if (reader.ValueTextEquals("controller"u8))
                    isController = reader.Read() && reader.TokenType == JsonTokenType.True;
                else
                    Pass(ref reader);
            }

            if (isController || pod.OwnerKind is null)
                (pod.OwnerKind, pod.OwnerName) = (kind, name);
        }
    }

    private void Spec(ref Utf8JsonReader reader, PodReading pod, Requests requests)
    {
        if (!Enter(ref reader))
            return;
        while (Next(ref reader))
        {
            if (reader.ValueTextEquals("nodeName"u8))
                pod.NodeName = Text(ref reader);
            else if (reader.ValueTextEquals("containers"u8))
                Containers(ref reader, requests, isInit: false);
            else if (reader.ValueTextEquals("initContainers"u8))
                Containers(ref reader, requests, isInit: true);
            else if (reader.ValueTextEquals("overhead"u8))
                requests.Overhead = Amounts(ref reader);
            else
                Pass(ref reader);
        }
    }

    private void Containers(ref Utf8JsonReader reader, Requests requests, bool isInit)
    {
        if (!Enter(ref reader))
            return;
        while (Item(ref reader))
        {
            var (amounts, isSidecar) = ((0m, 0m), false);
            while (Next(ref reader))
            {
                if (reader.ValueTextEquals("restartPolicy"u8))
                    isSidecar = Text(ref reader) == "Always";
                else if (reader.ValueTextEquals("resources"u8))
                    amounts = Resources(ref reader);
                else
                    Pass(ref reader);
            }

            if (!isInit)
                requests.Add(amounts);
            else
                requests.Init.Add((amounts, isSidecar));
        }
    }

    private (decimal Cpu, decimal Memory) Resources(ref Utf8JsonReader reader)
    {
        var amounts = (0m, 0m);
        if (!Enter(ref reader))
            return (0, 0);
        while (Next(ref reader))
        {
            if (reader.ValueTextEquals("requests"u8))
                amounts = Amounts(ref reader);
            else
                Pass(ref reader);
        }

        return amounts;
    }

    private (decimal Cpu, decimal Memory) Amounts(ref Utf8JsonReader reader)
    {
        decimal cpu = 0, memory = 0;
        if (!Enter(ref reader))
            return (0, 0);
        while (Next(ref reader))
        {
            if (reader.ValueTextEquals("cpu"u8))
                cpu = _quantities.Of(Text(ref reader));
            else if (reader.ValueTextEquals("memory"u8))
                memory = _quantities.Of(Text(ref reader));
            else
                Pass(ref reader);
        }

        return (cpu, memory);
    }

    private static void Status(ref Utf8JsonReader reader, PodReading pod)
    {
        if (!Enter(ref reader))
            return;
        while (Next(ref reader))
        {
            if (reader.ValueTextEquals("phase"u8))
                pod.Phase = Phase(ref reader);
            else if (reader.ValueTextEquals("conditions"u8))
                Conditions(ref reader, pod);
            else if (reader.ValueTextEquals("containerStatuses"u8))
                ContainerStatuses(ref reader, pod);
            else
                Pass(ref reader);
        }
    }

    private static void Conditions(ref Utf8JsonReader reader, PodReading pod)
    {
        if (!Enter(ref reader))
            return;
        while (Item(ref reader))
        {
            bool isReady = false, isScheduled = false, isTrue = false;
            string? reason = null, message = null;
            while (Next(ref reader))
            {
                if (reader.ValueTextEquals("type"u8))
                {
                    reader.Read();
                    (isReady, isScheduled) = (reader.ValueTextEquals("Ready"u8), reader.ValueTextEquals("PodScheduled"u8));
                }
                else if (reader.ValueTextEquals("status"u8))
                {
                    reader.Read();
                    isTrue = reader.ValueTextEquals("True"u8);
                }
                else if (reader.ValueTextEquals("reason"u8))
                {
                    reason = Text(ref reader);
                }
                else if (reader.ValueTextEquals("message"u8))
                {
                    message = Text(ref reader);
                }
                else
                {
                    Pass(ref reader);
                }
            }

            if (isReady)
                pod.HasReadyCondition = isTrue;
            else if (isScheduled && !isTrue)
                pod.NotScheduled = message is { Length: > 0 } ? message : reason ?? "";
        }
    }

    private static void ContainerStatuses(ref Utf8JsonReader reader, PodReading pod)
    {
        if (!Enter(ref reader))
            return;
        while (Item(ref reader))
        {
            while (Next(ref reader))
            {
                if (reader.ValueTextEquals("restartCount"u8))
                    pod.Restarts += reader.Read() && reader.TokenType == JsonTokenType.Number && reader.TryGetInt32(out var count) ? count : 0;
                else if (reader.ValueTextEquals("state"u8))
                    State(ref reader, pod);
                else
                    Pass(ref reader);
            }
        }
    }

    private static void State(ref Utf8JsonReader reader, PodReading pod)
    {
        if (!Enter(ref reader))
            return;
        while (Next(ref reader))
        {
            if (!reader.ValueTextEquals("waiting"u8))
            {
                Pass(ref reader);
                continue;
            }

            if (!Enter(ref reader))
                continue;
            while (Next(ref reader))
            {
                if (reader.ValueTextEquals("reason"u8))
                    pod.Waiting ??= Text(ref reader);
                else
                    Pass(ref reader);
            }
        }
    }

    /// <summary>Goes into the object or array that is the value of the property; false when it is null.</summary>
    private static bool Enter(ref Utf8JsonReader reader)
    {
        reader.Read();
        return reader.TokenType switch
        {
            JsonTokenType.StartObject or JsonTokenType.StartArray => true,
            JsonTokenType.Null => false,
            _ => throw new JsonException("a pod has another shape than Kubernetes documents"),
        };
    }

    /// <summary>To the next property of the object; false at its end.</summary>
    private static bool Next(ref Utf8JsonReader reader)
    {
        reader.Read();
        return reader.TokenType == JsonTokenType.PropertyName;
    }

    /// <summary>To the next object of the array; false at its end.</summary>
    private static bool Item(ref Utf8JsonReader reader)
    {
        reader.Read();
        return reader.TokenType == JsonTokenType.StartObject ? true : reader.TokenType == JsonTokenType.EndArray ? false : throw new JsonException("a pod has another shape than Kubernetes documents");
    }

    private static void Pass(ref Utf8JsonReader reader)
    {
        reader.Read();
        reader.Skip();
    }

    private static string Text(ref Utf8JsonReader reader)
    {
        reader.Read();
        return reader.TokenType == JsonTokenType.String ? reader.GetString()! : "";
    }

    private static string Phase(ref Utf8JsonReader reader)
    {
        reader.Read();
        return reader.ValueTextEquals("Running"u8) ? "Running" : reader.GetString() ?? "";
    }

    /// <summary>
    /// What the scheduler counts: containers and sidecars, or the largest init container if that is more
    /// (https://kubernetes.io/docs/concepts/workloads/pods/sidecar-containers/#resource-sharing-within-containers).
    /// </summary>
    private sealed class Requests
    {
        private decimal _cpu;
        private decimal _memory;

        public List<((decimal Cpu, decimal Memory) Amounts, bool IsSidecar)> Init { get; } = [];

        public (decimal Cpu, decimal Memory) Overhead { get; set; }

        public void Add((decimal Cpu, decimal Memory) amounts) => (_cpu, _memory) = (_cpu + amounts.Cpu, _memory + amounts.Memory);

        public (decimal Cpu, decimal Memory) Total()
        {
            decimal sideCpu = 0, sideMemory = 0, mostCpu = 0, mostMemory = 0;
            foreach (var (amounts, isSidecar) in Init)
            {
                (mostCpu, mostMemory) = (Math.Max(mostCpu, sideCpu + amounts.Cpu), Math.Max(mostMemory, sideMemory + amounts.Memory));
                if (isSidecar)
                    (sideCpu, sideMemory) = (sideCpu + amounts.Cpu, sideMemory + amounts.Memory);
            }

            return (Math.Max(mostCpu, sideCpu + _cpu) + Overhead.Cpu, Math.Max(mostMemory, sideMemory + _memory) + Overhead.Memory);
        }
    }
}
