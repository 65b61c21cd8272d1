using System.Collections.Immutable;
using HaCluster.Account.Limits;
using HaCluster.Operations.Aws;

namespace HaCluster.Operations.Tests.Worlds;

/// <summary>The AWS side of the fake world.</summary>
internal sealed class FakeAws(FakeAccess access, TimeProvider time) : IEks, IAutoScaling, IEc2, ILoadBalancers, IDatabases, IZonalShifts, IServiceQuotas, ISearchDomains, ILogGroups
{
    public decimal VirtualCpuLimit { get; set; } = 64;

    /// <summary>Null: not allowed to ask.</summary>
    public ImmutableArray<SearchDomainLayout>? Domains { get; set; } = [];

    /// <summary>Null: not allowed to ask.</summary>
    public ImmutableArray<string>? LogGroups { get; set; } = [];

    public ImmutableArray<string> Proxied { get; set; } = [];

    public AwsServices Services() => new()
    {
        Region = "eu-central-1",
        Identities = null!,
        Eks = this,
        AutoScaling = this,
        Ec2 = this,
        LoadBalancers = this,
        Databases = this,
        ZonalShifts = this,
        SearchDomains = this,
        LogGroups = this,
        ServiceQuotas = this,
        Metrics = null!,
    };

    public Task<EksCluster?> FindClusterAsync(string name, CancellationToken cancellationToken) => access.ReadAsync("EKS DescribeCluster", _ =>
        (EksCluster?)new EksCluster(name, FakeCluster.ClusterArn, "ACTIVE", "1.36", "", "", "vpc-1", [], true, Tags), cancellationToken);

    public Task<ImmutableArray<EksNodeGroup>> ListNodeGroupsAsync(string cluster, CancellationToken cancellationToken) => access.ReadAsync("EKS ListNodegroups", world =>
        world.Instances.GroupBy(instance => instance.Group).OrderBy(group => group.Key, StringComparer.Ordinal).Select(group => new EksNodeGroup(
            group.Key, "", "ACTIVE", "ON_DEMAND", ["m6i.xlarge"], world.SizeOf(group.Key).Min, group.Count(instance => instance.State == "running"), world.SizeOf(group.Key).Max, [], [group.Key],
            Tags.Add("ha-cluster/pool", "general"), [], [], Tags, "1.36", 1, 0)).ToImmutableArray(), cancellationToken);

    public Task<EksUpdate> ResizeAsync(string cluster, string nodeGroup, int? min, int? desired, int? max, CancellationToken cancellationToken) =>
        ResizeAsync(nodeGroup, (min, desired, max), cancellationToken);

    private async Task<EksUpdate> ResizeAsync(string group, (int? Min, int? Desired, int? Max) size, CancellationToken cancellationToken)
    {
        await ChangeAsync($"resize {group} {size.Min} {size.Desired} {size.Max}", world =>
        {
            world.Sizes[group] = (size.Min ?? world.SizeOf(group).Min, size.Max ?? world.SizeOf(group).Max);
            var here = world.Instances.Where(instance => instance.Group == group && instance.State == "running").ToList();
            foreach (var extra in here.Skip(size.Desired ?? here.Count))
                FakeControllers.Terminate(world, extra);
            for (var missing = here.Count; missing < size.Desired; missing++)
                FakeControllers.Launch(world, here[0].Zone, group);
        }, cancellationToken);
        return new EksUpdate("update-1", "Successful", []);
    }

    public Task<EksUpdate> ReadUpdateAsync(string cluster, string nodeGroup, string update, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<ImmutableArray<AutoScalingGroup>> ListAsync(string cluster, IReadOnlyCollection<string> names, CancellationToken cancellationToken) =>
        access.ReadAsync("AutoScaling DescribeAutoScalingGroups", world => world.Instances.GroupBy(instance => instance.Group).Where(group => names.Count == 0 || names.Contains(group.Key))
            .Select(group => new AutoScalingGroup(
                group.Key, "", 1, group.Count(instance => instance.State == "running"), 4, [group.First().Zone],
                [.. group.Where(instance => instance.State == "running").Select(instance => new AutoScalingInstance(instance.Id, instance.Zone, "InService", "Healthy", false))], [], Tags)).ToImmutableArray(), cancellationToken);

    public Task SetDesiredAsync(string group, int desired, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task TerminateAsync(string instanceId, bool decrement, CancellationToken cancellationToken) => ChangeAsync($"terminate {instanceId}", world =>
        world.Instances.Single(instance => instance.Id == instanceId).State = "shutting-down", cancellationToken);

    public Task SuspendAsync(string group, IReadOnlyCollection<string> processes, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task ResumeAsync(string group, IReadOnlyCollection<string> processes, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<ImmutableArray<Zone>> ListZonesAsync(CancellationToken cancellationToken) =>
        access.ReadAsync("EC2 DescribeAvailabilityZones", _ => FakeCluster.Zones.Select(zone => new Zone(zone.Name, zone.Id, "available")).ToImmutableArray(), cancellationToken);

    public Task<ImmutableArray<Instance>> ListInstancesAsync(string cluster, CancellationToken cancellationToken) => access.ReadAsync("EC2 DescribeInstances", world => world.Instances.Select(ToInstance).ToImmutableArray(), cancellationToken);

    public Task<ImmutableArray<Instance>> FindInstancesAsync(IReadOnlyCollection<string> ids, CancellationToken cancellationToken) =>
        access.ReadAsync("EC2 DescribeInstances", world => world.Instances.Where(instance => ids.Contains(instance.Id)).Select(ToInstance).ToImmutableArray(), cancellationToken);

    public Task TerminateAsync(IReadOnlyCollection<string> instanceIds, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task StopAsync(IReadOnlyCollection<string> instanceIds, bool force, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<ImmutableArray<Volume>> FindVolumesAsync(IReadOnlyCollection<string> ids, CancellationToken cancellationToken) => Task.FromResult(ImmutableArray<Volume>.Empty);

    public Task<ImmutableArray<Volume>> ListVolumesAsync(string cluster, CancellationToken cancellationToken) => Task.FromResult(ImmutableArray<Volume>.Empty);

    public Task<ImmutableArray<NatGatewayState>> ListNatGatewaysAsync(string vpcId, CancellationToken cancellationToken) => Task.FromResult(ImmutableArray<NatGatewayState>.Empty);

    public Task<ImmutableArray<Subnet>> ListSubnetsAsync(string vpcId, CancellationToken cancellationToken) => Task.FromResult(ImmutableArray<Subnet>.Empty);

    public Task<ImmutableArray<RouteTable>> ListRouteTablesAsync(string vpcId, CancellationToken cancellationToken) => Task.FromResult(ImmutableArray<RouteTable>.Empty);

    public Task<ImmutableArray<TaggedResource>> ListLeftoversAsync(string cluster, CancellationToken cancellationToken) => Task.FromResult(ImmutableArray<TaggedResource>.Empty);

    public Task<ImmutableArray<LoadBalancer>> ListAsync(string cluster, CancellationToken cancellationToken) => access.ReadAsync("ELBv2 DescribeLoadBalancers", _ =>
        ImmutableArray.Create(new LoadBalancer(FakeCluster.BalancerArn, "edge", "network", "internet-facing", "active", "", [.. FakeCluster.Zones.Select(zone => zone.Name)], true, Tags)), cancellationToken);

    public Task<ImmutableArray<TargetGroup>> ListTargetGroupsAsync(string loadBalancerArn, CancellationToken cancellationToken) => Task.FromResult(ImmutableArray<TargetGroup>.Empty);

    public Task<ImmutableArray<TargetGroup>> ListTargetGroupsOfClusterAsync(string cluster, CancellationToken cancellationToken) => Task.FromResult(ImmutableArray<TargetGroup>.Empty);

    public Task<ImmutableArray<TargetHealth>> ReadHealthAsync(string targetGroupArn, CancellationToken cancellationToken) => Task.FromResult(ImmutableArray<TargetHealth>.Empty);

    async Task<ImmutableArray<DatabaseCluster>> IDatabases.ListAsync(string cluster, IReadOnlyCollection<string> identifiers, CancellationToken cancellationToken) =>
        await access.ReadAsync("RDS DescribeDBClusters", world => world.Databases.Select(ToDatabase).ToImmutableArray(), cancellationToken);

    public Task<DatabaseCluster?> FindAsync(string identifier, CancellationToken cancellationToken) =>
        access.ReadAsync("RDS DescribeDBClusters", world => world.Databases.Where(database => database.Id == identifier).Select(ToDatabase).FirstOrDefault(), cancellationToken);

    public Task<ImmutableArray<string>> ListSingleInstancesAsync(string cluster, CancellationToken cancellationToken) =>
        access.ReadAsync("RDS DescribeDBInstances", world => world.SingleDatabases.ToImmutableArray(), cancellationToken);

    public Task FailOverAsync(string identifier, string? target, CancellationToken cancellationToken) => ChangeAsync($"failover {identifier} {target}", world =>
    {
        var database = world.Databases.Single(database => database.Id == identifier);
        if (database.Status != "available")
            throw FakeKubernetes.Failure(FailureKind.Rejected, "RDS FailoverDBCluster", identifier, $"InvalidDBClusterStateFault: {database.Status}");
        (database.Status, database.Target, database.Left) = ("failing-over", target!, 4);
    }, cancellationToken);

    public Task<ImmutableArray<ZonalShift>> ListActiveAsync(string? resourceArn, CancellationToken cancellationToken) => access.ReadAsync("ARC ListZonalShifts", world =>
        world.Shifts.Where(shift => shift.Status == "ACTIVE" && (resourceArn is null || shift.Resource == resourceArn)).Select(ToShift).ToImmutableArray(), cancellationToken);

    public Task<ImmutableArray<ShiftableResource>> ListResourcesAsync(CancellationToken cancellationToken) => Task.FromResult(ImmutableArray<ShiftableResource>.Empty);

    public async Task<ZonalShift> StartAsync(string resourceArn, string zoneId, TimeSpan duration, string comment, CancellationToken cancellationToken)
    {
        FakeShift? started = null;
        await ChangeAsync($"shift {resourceArn} {zoneId}", world =>
        {
            if (world.Shifts.Any(shift => shift.Resource == resourceArn && shift.Status == "ACTIVE"))
                throw FakeKubernetes.Failure(FailureKind.Conflict, "ARC StartZonalShift", resourceArn, "ConflictException: a shift is active");
            world.Shifts.Add(started = new() { Id = $"shift-{++world.Names}", Resource = resourceArn, ZoneId = zoneId, Comment = comment, ExpiresAt = time.GetUtcNow() + duration });
        }, cancellationToken);
        return ToShift(started!);
    }

    public Task<ZonalShift> UpdateAsync(string shiftId, TimeSpan? duration, string? comment, CancellationToken cancellationToken) => throw new NotSupportedException();

    public async Task<ZonalShift> CancelAsync(string shiftId, CancellationToken cancellationToken)
    {
        await ChangeAsync($"end {shiftId}", world => world.Shifts.Single(shift => shift.Id == shiftId).Status = "CANCELED", cancellationToken);
        return ToShift(access.World.Shifts.Single(shift => shift.Id == shiftId));
    }

    public Task<ImmutableArray<AccountLimit>> ReadAsync(IReadOnlyCollection<QuotaReference> quotas, CancellationToken cancellationToken) =>
        access.ReadAsync("ServiceQuotas ListServiceQuotas", _ => quotas.Select(quota => new AccountLimit(quota.ServiceCode, quota.QuotaCode, VirtualCpuLimit)).ToImmutableArray(), cancellationToken);

    public Task<ImmutableArray<string>> ListProxiedAsync(CancellationToken cancellationToken) => Task.FromResult(Proxied);

    public Task CreateSnapshotAsync(string identifier, string snapshot, IReadOnlyDictionary<string, string> tags, CancellationToken cancellationToken) => ChangeAsync($"snapshot {identifier} {snapshot}", world =>
    {
        if (world.Snapshots.Exists(one => one.Id == snapshot))
            throw FakeKubernetes.Failure(FailureKind.AlreadyExists, "RDS CreateDBClusterSnapshot", snapshot, "DBClusterSnapshotAlreadyExistsFault");
        world.Snapshots.Add(new() { Id = snapshot, Database = identifier, Cluster = tags["Cluster"] });
    }, cancellationToken);

    public Task<DatabaseSnapshot?> FindSnapshotAsync(string snapshot, CancellationToken cancellationToken) => access.ReadAsync("RDS DescribeDBClusterSnapshots", world =>
        world.Snapshots.Find(one => one.Id == snapshot) is { } found ? new DatabaseSnapshot(found.Id, found.Database, found.Status, 0) : null, cancellationToken);

    public Task<ImmutableArray<DatabaseSnapshot>> ListSnapshotsAsync(string cluster, CancellationToken cancellationToken) => access.ReadAsync("RDS DescribeDBClusterSnapshots", world =>
        world.Snapshots.Where(one => one.Cluster == cluster).Select(one => new DatabaseSnapshot(one.Id, one.Database, one.Status, 100)).ToImmutableArray(), cancellationToken);

    public Task<SearchDomainHealth?> FindHealthAsync(string domain, CancellationToken cancellationToken) => Task.FromResult<SearchDomainHealth?>(null);

    Task<ImmutableArray<SearchDomainLayout>> ISearchDomains.ListAsync(string cluster, CancellationToken cancellationToken) =>
        Domains is { } domains ? Task.FromResult(domains) : throw FakeKubernetes.Failure(FailureKind.PermissionDenied, "OpenSearch ListDomainNames", "OpenSearch domains", "permission missing: es:ListDomainNames");

    Task<ImmutableArray<string>> ILogGroups.ListAsync(string cluster, CancellationToken cancellationToken) =>
        LogGroups is { } groups ? Task.FromResult(groups) : throw FakeKubernetes.Failure(FailureKind.PermissionDenied, "CloudWatch Logs DescribeLogGroups", "log groups", "permission missing: logs:DescribeLogGroups");

    private static ImmutableSortedDictionary<string, string> Tags => ImmutableSortedDictionary<string, string>.Empty;

    private static Instance ToInstance(FakeInstance instance) => new(instance.Id, instance.State, "m6i.xlarge", instance.Zone, "", "vpc-1", instance.Group, "", Tags);

    private static ZonalShift ToShift(FakeShift shift) => new(shift.Id, shift.Resource, shift.ZoneId, shift.Status, shift.ExpiresAt, shift.ExpiresAt, shift.Comment);

    private static DatabaseCluster ToDatabase(FakeDatabase database) => new(
        database.Id, "", "aurora-postgresql", "17.4", database.Status, "", "",
        [.. database.Members.OrderBy(member => member.Key, StringComparer.Ordinal).Select(member => new DatabaseMember(member.Key, member.Key == database.Writer, 1, member.Value, "db.r6g.large", "available"))], Tags);

    private async Task ChangeAsync(string call, Action<FakeWorld> change, CancellationToken cancellationToken) => await access.TryChangeAsync(call, isCounted: true, world =>
    {
        change(world);
        world.Log.Add(call);
        return (true, true);
    }, cancellationToken);
}
