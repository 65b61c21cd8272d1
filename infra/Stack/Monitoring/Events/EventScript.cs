using HaCluster.Stack.Monitoring.Alerting;

namespace HaCluster.Stack.Monitoring.Events;

/// <summary>The Lua that Fluent Bit runs over every event: drops most, and makes alerts of the rest.</summary>
public static class EventScript
{
    public const string FileName = "alert.lua";

    /// <summary>Name of its function.</summary>
    public const string Function = "alert";

    /// <summary>The file.</summary>
    /// <remarks>
    /// An alert is identified by its labels, so they contain nothing that differs between two reports of one event: two replicas that see the same event make
    /// one alert, and a repetition makes it last. Events that matter only if repeated (a failed probe) must have happened a few times.
    /// Events come in two forms; the newer one counts in <c>series</c>
    /// (https://kubernetes.io/docs/reference/kubernetes-api/cluster-resources/event-v1/).
    /// </remarks>
    public static string Text(string cluster) => $$"""
        -- Reason of an event, and how often it must have happened before people are told.
        local weight = {
          BackOff = 5, Evicted = 1, EvictionThresholdMet = 1, FailedAttachVolume = 3, FailedCreate = 3, FailedCreatePodSandBox = 5,
          FailedMount = 3, FailedScheduling = 5, FreeDiskSpaceFailed = 1, NodeNotReady = 1, OOMKilling = 1, ProvisioningFailed = 3,
          Rebooted = 1, SystemOOM = 1, Unhealthy = 10, VolumeResizeFailed = 1,
        }

        local teams = { chains = "chains", delivery = "delivery", logging = "data", payments = "payments" }

        -- Seconds that an event stays news.
        local lasts = 900

        local function text(value)
          if type(value) == "string" and value ~= "" then return value end
          return nil
        end

        function {{Function}}(tag, timestamp, record)
          local least = weight[record.reason]
          if least == nil then return -1, timestamp, record end

          local series = type(record.series) == "table" and record.series or {}
          local count = tonumber(record.count) or 0
          count = math.max(count, tonumber(series.count) or 0, 1)
          if count < least then return -1, timestamp, record end

          local object = record.involvedObject or {}
          local source = type(record.source) == "table" and record.source or {}
          local meta = record.metadata or {}
          local namespace = text(object.namespace) or text(meta.namespace)
          local labels = {
            alertname = "{{AlertmanagerConfig.EventAlert}}",
            cluster = "{{cluster}}",
            severity = "warning",
            team = teams[namespace] or "platform",
            reason = record.reason,
            kind = text(object.kind),
            name = text(object.name),
            namespace = namespace,
            node = text(source.host),
          }
          if object.kind == "Node" then labels.node = text(object.name) end

          local started = text(record.firstTimestamp) or text(record.eventTime) or text(meta.creationTimestamp)
          local alert = {
            labels = labels,
            annotations = {
              summary = record.reason .. ": " .. (labels.kind or "object") .. " " .. (labels.name or "?"),
              description = (text(record.message) or "no message") .. " (" .. string.format("%d", count) .. " times)",
            },
            endsAt = os.date("!%Y-%m-%dT%H:%M:%SZ", os.time() + lasts),
          }
          if started then alert.startsAt = started end
          return 2, timestamp, alert
        end

        """;
}
