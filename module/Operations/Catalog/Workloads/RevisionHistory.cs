using System.Globalization;
using System.Text.Json.Nodes;
using HaCluster.Operations.Kubernetes;
using HaCluster.Operations.Running;

namespace HaCluster.Operations.Workloads;

/// <summary>A pod template that the cluster has kept.</summary>
/// <param name="Id">Name of the ReplicaSet or ControllerRevision: the number of a revision changes when it is used again.</param>
internal sealed record RevisionHistory(string Id, long Number, JsonObject Template)
{
    private const string RevisionAnnotation = "deployment.kubernetes.io/revision";

    /// <summary>The numbers that a ReplicaSet had before.</summary>
    private const string EarlierAnnotation = "deployment.kubernetes.io/revision-history";
    private const string HashLabel = "pod-template-hash";

    /// <summary>On the ReplicaSet or ControllerRevision, so that it is there as long as the revision, and whoever returns the workload sees it: <c>NUMBER OPERATION</c>.</summary>
    private const string RolledBackAnnotation = "ha-cluster/rolled-back";

    /// <summary>The number that it had first.</summary>
    public long First { get; private init; } = Number;

    /// <summary>When it was first used; null when the API server does not say.</summary>
    public DateTimeOffset? Created { get; private init; }

    /// <summary>Pods of it that are ready now. Known of a ReplicaSet only: 0 of others.</summary>
    public long Ready { get; private init; }

    /// <summary>The operation that rolled it back; null when none did since it was last rolled out.</summary>
    public string? RolledBackBy { get; private init; }

    public string Images => string.Join(", ", Template["spec"]?["containers"]?.AsArray().Select(container => (string?)container?["image"]) ?? []);

    /// <summary>The newest first.</summary>
    public static async Task<IReadOnlyList<RevisionHistory>> ListAsync(StepContext context, string kind, string @namespace, string name, CancellationToken cancellationToken)
    {
        var scope = ListScope.In(@namespace);
        var all = kind == "Deployment"
            ? from set in (await context.Kubernetes.ListAsync(Kinds.ReplicaSets.As<JsonObject>(), scope, cancellationToken)).Items
              where IsOwnedBy(set, kind, name) && Annotation(set, RevisionAnnotation) is not null
              let number = long.Parse(Annotation(set, RevisionAnnotation)!, CultureInfo.InvariantCulture)
              select new RevisionHistory(set["metadata"]!["name"]!.GetValue<string>(), number, WithoutNulls(WithoutHash(set["spec"]!["template"]!.DeepClone().AsObject())))
              {
                  First = FirstOf(Annotation(set, EarlierAnnotation), number),
                  Created = CreatedAt(set),
                  Ready = set["status"]?["readyReplicas"]?.GetValue<long>() ?? 0,
                  RolledBackBy = RollbackOf(set, number),
              }
            : from revision in (await context.Kubernetes.ListAsync(Kinds.ControllerRevisions.As<JsonObject>(), scope, cancellationToken)).Items
              where IsOwnedBy(revision, kind, name)
              let template = revision["data"]!["spec"]!["template"]!.DeepClone().AsObject()
              let dropped = template.Remove("$patch")
              let number = revision["revision"]!.GetValue<long>()
              select new RevisionHistory(revision["metadata"]!["name"]!.GetValue<string>(), number, WithoutNulls(template))
              {
                  Created = CreatedAt(revision),
                  RolledBackBy = RollbackOf(revision, number),
              };
        return [.. all.OrderByDescending(revision => revision.Number)];
    }

    /// <summary>
    /// What an undo goes to: the revision that the workload was at before it first was at <paramref name="present"/>. Not the one with the next lower number,
    /// which is what <c>kubectl rollout undo</c> takes (https://kubernetes.io/docs/reference/kubectl/generated/kubectl_rollout/kubectl_rollout_undo/): whoever
    /// returns from a bad revision gives the good one a new, higher number, and the bad one is then next.
    /// </summary>
    /// <param name="history">The newest first.</param>
    /// <returns>Null when there is none, or all were rolled back.</returns>
    public static RevisionHistory? Before(IReadOnlyList<RevisionHistory> history, RevisionHistory present)
    {
        var earlier = history.Where(kept => kept != present && kept.IsBefore(present) && kept.RolledBackBy is null).ToList();
        // While the present one is rolled out, what still serves is known to work: one in between may never have been ready.
        return earlier.Find(kept => kept.Ready > 0) ?? earlier.FirstOrDefault();
    }

    /// <summary>Notes on the present revision that an operation rolled it back. Does nothing where the template is in no revision (yet), or it is noted already.</summary>
    public static async Task NoteRollbackAsync(StepContext context, string kind, string @namespace, string name, CancellationToken cancellationToken)
    {
        var template = await PresentAsync(context, kind, @namespace, name, cancellationToken);
        var present = (await ListAsync(context, kind, @namespace, name, cancellationToken)).FirstOrDefault(kept => JsonNode.DeepEquals(kept.Template, template));
        if (present is not { RolledBackBy: null })
            return;
        // With its number: once it is rolled out again, it has another, and the note is void.
        var note = string.Create(CultureInfo.InvariantCulture, $"{present.Number} {context.OperationId}");
        var patch = new JsonObject { ["metadata"] = new JsonObject { ["annotations"] = new JsonObject { [RolledBackAnnotation] = note } } };
        var revisions = kind == "Deployment" ? Kinds.ReplicaSets.As<JsonObject>() : Kinds.ControllerRevisions.As<JsonObject>();
        await context.Kubernetes.PatchAsync(revisions, @namespace, present.Id, patch, cancellationToken);
    }

    public override string ToString() => $"{Number} ({Images}{(RolledBackBy is null ? "" : $", rolled back by operation {RolledBackBy}")})";

    public static async Task<JsonObject> PresentAsync(StepContext context, string kind, string @namespace, string name, CancellationToken cancellationToken) =>
        WithoutNulls((await ObjectAsync(context, kind, @namespace, name, cancellationToken))["spec"]!["template"]!.DeepClone().AsObject());

    public static async Task SetAsync(StepContext context, string kind, string @namespace, string name, JsonObject template, CancellationToken cancellationToken)
    {
        var present = await ObjectAsync(context, kind, @namespace, name, cancellationToken);
        present["spec"]!["template"] = template.DeepClone();
        // With its resourceVersion: a change in between is a conflict, not lost.
        await context.Kubernetes.ReplaceAsync(KindOf(kind), @namespace, name, present, cancellationToken);
    }

    private static async Task<JsonObject> ObjectAsync(StepContext context, string kind, string @namespace, string name, CancellationToken cancellationToken) =>
        await context.Kubernetes.FindAsync(KindOf(kind), @namespace, name, cancellationToken) ?? throw new HaClusterException(
            FailureKind.NotFound, "", $"{@namespace}/{name}", "there is no such workload", "Get-HaWorkload lists them");

    private static Kind<JsonObject> KindOf(string kind) => kind switch
    {
        "Deployment" => Kinds.Deployments.As<JsonObject>(),
        "StatefulSet" => Kinds.StatefulSets.As<JsonObject>(),
        _ => Kinds.DaemonSets.As<JsonObject>(),
    };

    private bool IsBefore(RevisionHistory other) => Created is { } own && other.Created is { } theirs && own != theirs ? own < theirs : First < other.First;

    private static string? Annotation(JsonObject subject, string name) => subject["metadata"]?["annotations"]?[name]?.GetValue<string>();

    /// <param name="earlier">Numbers, separated by commas.</param>
    private static long FirstOf(string? earlier, long number) =>
        (earlier ?? "").Split(',').Select(text => long.TryParse(text, CultureInfo.InvariantCulture, out var one) ? one : number).Append(number).Min();

    private static DateTimeOffset? CreatedAt(JsonObject subject) =>
        DateTimeOffset.TryParse(subject["metadata"]?["creationTimestamp"]?.GetValue<string>(), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var at) ? at : null;

    private static string? RollbackOf(JsonObject subject, long number) =>
        Annotation(subject, RolledBackAnnotation)?.Split(' ') is [var noted, var operation] && noted == number.ToString(CultureInfo.InvariantCulture) ? operation : null;

    private static bool IsOwnedBy(JsonObject subject, string kind, string name) =>
        subject["metadata"]?["ownerReferences"]?.AsArray().Any(owner => owner!["kind"]?.GetValue<string>() == kind && owner["name"]?.GetValue<string>() == name) == true;

    /// <summary>A revision is written as the API server of its day wrote templates, with or without <c>creationTimestamp: null</c>: the same template all the same.</summary>
    private static JsonObject WithoutNulls(JsonObject json)
    {
        foreach (var (name, value) in json.ToList())
        {
            if (value is null)
                json.Remove(name);
            else
                Descend(value);
        }
        return json;

        static void Descend(JsonNode node)
        {
            if (node is JsonObject inner)
                WithoutNulls(inner);
            else if (node is JsonArray items)
                items.OfType<JsonNode>().ToList().ForEach(Descend);
        }
    }

    private static JsonObject WithoutHash(JsonObject template)
    {
        (template["metadata"]?["labels"] as JsonObject)?.Remove(HashLabel);
        return template;
    }
}
