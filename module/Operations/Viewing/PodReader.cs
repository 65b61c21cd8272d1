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
        var requests = new PodRequests();
        while (reader.Next())
        {
            if (reader.ValueTextEquals("metadata"u8))
                Metadata(ref reader, pod);
            else if (reader.ValueTextEquals("spec"u8))
                Spec(ref reader, pod, requests);
            else if (reader.ValueTextEquals("status"u8))
                Status(ref reader, pod);
            else
                reader.Pass();
        }

        (pod.Cpu, pod.Memory) = requests.Total();
        return pod;
    }

    public override void Write(Utf8JsonWriter writer, PodReading value, JsonSerializerOptions options) => throw new NotSupportedException("a reading is never written");

    private static void Metadata(ref Utf8JsonReader reader, PodReading pod)
    {
        if (!reader.Enter())
            return;
        while (reader.Next())
        {
            if (reader.ValueTextEquals("name"u8))
                pod.Name = reader.Text();
            else if (reader.ValueTextEquals("namespace"u8))
                pod.Namespace = reader.Text();
            else if (reader.ValueTextEquals("uid"u8))
                pod.Uid = reader.Text();
            else if (reader.ValueTextEquals("resourceVersion"u8))
                pod.ResourceVersion = reader.Text();
            else if (reader.ValueTextEquals("deletionTimestamp"u8))
                pod.IsEnding = reader.Text().Length > 0;
            else if (reader.ValueTextEquals("labels"u8))
                Labels(ref reader, pod);
            else if (reader.ValueTextEquals("ownerReferences"u8))
                Owners(ref reader, pod);
            else
                reader.Pass();
        }
    }

    private static void Labels(ref Utf8JsonReader reader, PodReading pod)
    {
        var role = "";
        if (!reader.Enter())
            return;
        while (reader.Next())
        {
            if (reader.ValueTextEquals("pod-template-hash"u8))
                pod.TemplateHash = reader.Text();
            else if (reader.ValueTextEquals("ha-cluster/chain"u8))
                pod.Chain = reader.Text();
            else if (reader.ValueTextEquals("ha-cluster/role"u8))
                role = reader.Text();
            else
                reader.Pass();
        }

        if (role != "node")
            pod.Chain = null;
    }

    private static void Owners(ref Utf8JsonReader reader, PodReading pod)
    {
        if (!reader.Enter())
            return;
        while (reader.Item())
        {
            var (kind, name, isController) = ("", "", false);
            while (reader.Next())
            {
                if (reader.ValueTextEquals("kind"u8))
                    kind = reader.Text();
                else if (reader.ValueTextEquals("name"u8))
                    name = reader.Text();
                else if (reader.ValueTextEquals("controller"u8))
                    isController = reader.Read() && reader.TokenType == JsonTokenType.True;
                else
                    reader.Pass();
            }

            if (isController || pod.OwnerKind is null)
                (pod.OwnerKind, pod.OwnerName) = (kind, name);
        }
    }

    private void Spec(ref Utf8JsonReader reader, PodReading pod, PodRequests requests)
    {
        if (!reader.Enter())
            return;
        while (reader.Next())
        {
            if (reader.ValueTextEquals("nodeName"u8))
                pod.NodeName = reader.Text();
            else if (reader.ValueTextEquals("containers"u8))
                Containers(ref reader, requests, isInit: false);
            else if (reader.ValueTextEquals("initContainers"u8))
                Containers(ref reader, requests, isInit: true);
            else if (reader.ValueTextEquals("resources"u8))
                requests.OfPod = Resources(ref reader);
            else if (reader.ValueTextEquals("overhead"u8))
                requests.Overhead = Amounts(ref reader);
            else
                reader.Pass();
        }
    }

    private void Containers(ref Utf8JsonReader reader, PodRequests requests, bool isInit)
    {
        if (!reader.Enter())
            return;
        while (reader.Item())
        {
            var (amounts, isSidecar) = (default((decimal?, decimal?)), false);
            while (reader.Next())
            {
                if (reader.ValueTextEquals("restartPolicy"u8))
                    isSidecar = reader.Text() == "Always";
                else if (reader.ValueTextEquals("resources"u8))
                    amounts = Resources(ref reader);
                else
                    reader.Pass();
            }

            if (!isInit)
                requests.Add(amounts);
            else
                requests.Init.Add((amounts, isSidecar));
        }
    }

    private (decimal? Cpu, decimal? Memory) Resources(ref Utf8JsonReader reader)
    {
        var amounts = default((decimal?, decimal?));
        if (!reader.Enter())
            return amounts;
        while (reader.Next())
        {
            if (reader.ValueTextEquals("requests"u8))
                amounts = Amounts(ref reader);
            else
                reader.Pass();
        }

        return amounts;
    }

    /// <summary>Null for what is not set.</summary>
    private (decimal? Cpu, decimal? Memory) Amounts(ref Utf8JsonReader reader)
    {
        decimal? cpu = null, memory = null;
        if (!reader.Enter())
            return (null, null);
        while (reader.Next())
        {
            if (reader.ValueTextEquals("cpu"u8))
                cpu = _quantities.Of(reader.Text());
            else if (reader.ValueTextEquals("memory"u8))
                memory = _quantities.Of(reader.Text());
            else
                reader.Pass();
        }

        return (cpu, memory);
    }

    private static void Status(ref Utf8JsonReader reader, PodReading pod)
    {
        if (!reader.Enter())
            return;
        while (reader.Next())
        {
            if (reader.ValueTextEquals("phase"u8))
                pod.Phase = Phase(ref reader);
            else if (reader.ValueTextEquals("conditions"u8))
                Conditions(ref reader, pod);
            else if (reader.ValueTextEquals("containerStatuses"u8))
                ContainerStatuses(ref reader, pod);
            else
                reader.Pass();
        }
    }

    private static void Conditions(ref Utf8JsonReader reader, PodReading pod)
    {
        if (!reader.Enter())
            return;
        while (reader.Item())
        {
            bool isReady = false, isScheduled = false, isTrue = false;
            string? reason = null, message = null;
            while (reader.Next())
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
                    reason = reader.Text();
                }
                else if (reader.ValueTextEquals("message"u8))
                {
                    message = reader.Text();
                }
                else
                {
                    reader.Pass();
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
        if (!reader.Enter())
            return;
        while (reader.Item())
        {
            while (reader.Next())
            {
                if (reader.ValueTextEquals("restartCount"u8))
                    pod.Restarts += reader.Read() && reader.TokenType == JsonTokenType.Number && reader.TryGetInt32(out var count) ? count : 0;
                else if (reader.ValueTextEquals("state"u8))
                    State(ref reader, pod);
                else
                    reader.Pass();
            }
        }
    }

    private static void State(ref Utf8JsonReader reader, PodReading pod)
    {
        if (!reader.Enter())
            return;
        while (reader.Next())
        {
            if (!reader.ValueTextEquals("waiting"u8))
            {
                reader.Pass();
                continue;
            }

            if (!reader.Enter())
                continue;
            while (reader.Next())
            {
                if (reader.ValueTextEquals("reason"u8))
                    pod.Waiting ??= reader.Text();
                else
                    reader.Pass();
            }
        }
    }

    private static string Phase(ref Utf8JsonReader reader)
    {
        reader.Read();
        return reader.ValueTextEquals("Running"u8) ? "Running" : reader.GetString() ?? "";
    }
}
