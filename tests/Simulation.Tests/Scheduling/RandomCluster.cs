using System.Collections.Immutable;
using System.Globalization;
using HaCluster.Simulation.Model;
using HaCluster.Simulation.Scheduling;

namespace HaCluster.Simulation.Tests.Scheduling;

/// <summary>
/// A small cluster to which things happen: three numbers make a step, so that FsCheck finds the shortest sequence that goes wrong. Nodes and
/// pods are few
/// and small, and their rules many, so that rules meet.
/// </summary>
internal sealed class RandomCluster
{
    private static readonly ImmutableArray<string> Apps = ["web", "store", "cache"];
    private static readonly Taint[] Taints =
    [
        new("pool", "stateful", TaintEffect.NoSchedule), new("spot", "", TaintEffect.PreferNoSchedule), Taint.NotReady,
        new("slow", "", TaintEffect.PreferNoSchedule),
    ];

    private readonly Dictionary<(int, int), Workload> _workloads = [];
    private readonly List<Pod> _bound = [];
    private readonly bool _isStable;
    private readonly bool _hasStorage;
    private int _nodes;
    private int _pods;

    /// <param name="isStable">Cordons, taints and removals do not happen: rules that held when a pod was placed hold forever.</param>
    /// <param name="hasStorage">Volumes and claims exist, of several drivers, and pods share them.</param>
    public RandomCluster(bool isStable = false, bool hasStorage = false)
    {
        (_isStable, _hasStorage) = (isStable, hasStorage);
        if (hasStorage)
            State = new ClusterState([], RandomStorage.Storage);
        for (var node = 0; node < 4; node++)
            State.Add(NewNode(node));
    }

    public ClusterState State { get; private set; } = new([]);

    public IReadOnlyList<Pod> Bound => _bound;

    /// <summary>Called with each pod before it is placed.</summary>
    public Action<Pod> Asked { get; init; } = _ => { };

    /// <summary>Called with each pod that was placed, or not.</summary>
    public Action<Pod, SchedulingResult> Decided { get; init; } = (_, _) => { };

    public Scheduler Scheduler { get; init; } = new(new SchedulerOptions { Seed = 5 });

    public void Play(IEnumerable<(byte What, byte Who, byte How)> steps)
    {
        foreach (var (what, who, how) in steps)
            Step(what % 24, who, how);
    }

    private void Step(int what, int who, int how)
    {
        var node = State.Nodes.Count == 0 ? null : State.Nodes[who % State.Nodes.Count];
        switch (what)
        {
            case 0:
                State.Add(NewNode(how));
                break;
            case 1 when node is not null && !_isStable:
                foreach (var pod in State.Remove(node))
                    _bound.Remove(pod);
                break;
            case 2 when node is not null && !_isStable:
                State.Cordon(node, how % 2 == 0);
                break;
            case 3 or 4 when node is not null && !_isStable:
                State.Taint(node, Taints[how % Taints.Length]);
                break;
            case 5 when node is not null && !_isStable:
                State.Untaint(node, Taints[how % Taints.Length].Key);
                break;
            case 6 when _bound.Count > 0 && !_isStable:
                State.Unbind(_bound[who % _bound.Count]);
                _bound.RemoveAt(who % _bound.Count);
                break;
            case 7:
                State = State.Clone();
                break;
            case 8 when _bound.Count > 0 && !_hasStorage:
                State.ForgetVolumes(_bound[who % _bound.Count]);
                break;
            default:
                Place(NewPod(who, how));
                break;
        }
    }

    private void Place(Pod pod)
    {
        Asked(pod);
        var result = Scheduler.Schedule(State, pod);
        Decided(pod, result);
        var placed = Scheduler.Place(State, pod);
        Assert.Equal(result.Node, placed.Node);
        if (placed.Node is not null)
            _bound.Add(pod);
    }

    private Node NewNode(int how)
    {
        var number = _nodes++;
        var name = string.Create(CultureInfo.InvariantCulture, $"node-{number}");
        var zone = "abc"[how % 3].ToString();
        var node = Sample.Node(name, zone, ("pool", how % 5 == 0 ? "stateful" : "general"));
        return node with
        {
            Labels = how % 7 == 6 ? node.Labels.Remove(Labels.Zone) : how % 3 == 1 ? node.Labels.Add("rack", zone) : node.Labels,
            Allocatable = new Resources(2000 + (how % 4 * 1000), (2 + (how % 3)) * Sample.Gibibyte, 4 * Sample.Gibibyte),
            MaxPods = 3 + (how % 6),
            Extended = node.Extended.Add("nvidia.com/gpu", how % 2),
            Taints = how % 11 == 10 ? [Taints[0]] : [],
            VolumeLimits = node.VolumeLimits.Add(VolumeDriver.Ebs.Name, how % 3).Add("other.csi.io", 1 + (how % 2)),
        };
    }

    private Pod NewPod(int who, int how)
    {
        var key = (who % 42, how % 16);
        if (!_workloads.TryGetValue(key, out var workload))
        {
            var kind = who % 14 == 9 ? WorkloadKind.StatefulSet : who % 14 == 10 ? WorkloadKind.Job : WorkloadKind.Deployment;
            var spec = NewSpec(who % 42, how % 16);
            workload = Sample.Workload($"w{key}", _hasStorage && who % 2 == 0 ? spec with { Volumes = RandomStorage.Claims(who / 2, how) } : spec, kind, @namespace: how % 8 == 7 ? "other" : "default");
            _workloads.Add(key, workload);
        }

        return new Pod(workload, _pods++, workload.Pods);
    }

    private static PodSpec NewSpec(int who, int how)
    {
        var spec = With(who / 3, how, Apps[who % 3]);
        return spec with
        {
            Requests = new Resources(how % 4 * 300, how % 3 * (Sample.Gibibyte / 2), how % 5 == 4 ? Sample.Gibibyte : 0),
            Labels = Labels.Of(("app", Apps[who % 3]), ("revision", how % 2 == 0 ? "1" : "2")),
            Tolerations = how % 3 == 0 ? [.. spec.Tolerations, Sample.Tolerating("pool", "stateful")] : spec.Tolerations,
        };
    }

    private static PodSpec With(int feature, int how, string app)
    {
        var other = Apps[how % 3];
        return feature switch
        {
            0 => new PodSpec { Spread = [Sample.Spread(Labels.Zone, app)] },
            1 => new PodSpec { Spread = [Sample.Spread(Labels.Host, app) with { MinDomains = 1 + (how % 4) }] },
            2 => new PodSpec
            {
                Spread = [Sample.Spread(Labels.Zone, app, isRequired: how % 2 == 0, maxSkew: 2), Sample.Spread("rack", other, how % 4 < 2)],
            },
            3 => new PodSpec
            {
                Spread =
                [
                    Sample.Spread(Labels.Zone, app) with
                    {
                        HonorsTaints = true,
                        HonorsAffinity = how % 2 == 0,
                        MatchLabelKeys = ["revision"],
                    },
                ],
            },
            4 => new PodSpec
            {
                Affinity = new Affinity
                {
                    Near = how % 2 == 0 ? [Sample.Near(Labels.Zone, app), Sample.Near("rack", app)] : [Sample.Near(Labels.Zone, app)],
                },
            },
            5 => new PodSpec { Affinity = new Affinity { Near = [Sample.Near(Labels.Zone, other) with { AllNamespaces = how % 2 == 0 }] } },
            6 => new PodSpec { Affinity = new Affinity { Apart = [Sample.Near(how % 2 == 0 ? Labels.Host : Labels.Zone, other)] } },
            7 => new PodSpec
            {
                Affinity = new Affinity
                {
                    PreferredNear = [new PreferredPods(10 + how, Sample.Near(Labels.Zone, other))],
                    PreferredApart = [new PreferredPods(50, Sample.Near(Labels.Host, app) with { Namespaces = ["other", "default"] })],
                },
            },
            8 => new PodSpec
            {
                NodeSelector = Labels.Of(("pool", how % 2 == 0 ? "stateful" : "general")),
                Spread = [Sample.Spread(Labels.Zone, app, isRequired: how % 4 < 2)],
                Tolerations =
                [
                    new Toleration(null, Exists: true, "", TaintEffect.NoExecute), new Toleration("spot", Exists: true, "", Effect: null),
                ],
            },
            9 => new PodSpec { Volumes = [new VolumeClaim("data", Sample.Gibibyte, null)] },
            10 => new PodSpec { HostPorts = [new HostPort(8080 + (how % 2), "TCP", how % 4 < 2 ? "0.0.0.0" : "10.0.0.1")] },
            11 => new PodSpec { Extended = new PodSpec().Extended.Add("nvidia.com/gpu", 1) },
            12 => new PodSpec
            {
                Affinity = new Affinity
                {
                    Nodes =
                    [
                        new NodeAffinityTerm([], [new LabelRequirement("metadata.name", LabelOperator.In, ["node-0", "node-2", "node-9"])]),
                    ],
                    PreferredNodes = [new PreferredNodes(30, Sample.NodesWhere("rack", LabelOperator.Exists))],
                },
                Tolerations = [new Toleration(null, Exists: true, "", Effect: null)],
            },
            _ => new PodSpec
            {
                Affinity = new Affinity
                {
                    Nodes =
                    [
                        Sample.NodesWhere(Labels.Zone, LabelOperator.NotIn, "c"), Sample.NodesWhere("pool", LabelOperator.In, "stateful"),
                    ],
                    PreferredNodes =
                    [
                        new PreferredNodes(1 + how, Sample.NodesWhere(Labels.Zone, LabelOperator.In, "b")),
                        new PreferredNodes(7, Sample.NodesWhere("rack", LabelOperator.Exists)),
                    ],
                },
            },
        };
    }
}
