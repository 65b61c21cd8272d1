using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using HaCluster.Simulation.Running;
using HaCluster.Twin.Aws.Protocols;
using HaCluster.Twin.World;

namespace HaCluster.Twin.Aws.Services;

/// <summary>https://docs.aws.amazon.com/arc-zonal-shift/latest/api/</summary>
internal sealed partial class ZonalShifts(Account account)
{
    private static readonly TimeSpan Longest = TimeSpan.FromHours(72);

    private readonly List<ShiftRecord> _shifts = [];

    public JsonObject Answer(AwsCall call) => account.World.Act(run =>
    {
        Expire(run);
        return call.Operation switch
        {
            "ListManagedResources" => ListResources(call),
            "GetManagedResource" => GetResource(call),
            "ListZonalShifts" => ListShifts(call),
            "StartZonalShift" => Start(run, call),
            "UpdateZonalShift" => Update(run, call),
            "CancelZonalShift" => Cancel(run, call),
            _ => throw new AwsException("UnknownOperationException", $"the twin does not have {call.Operation}", 404),
        };
    });

    private JsonObject ListResources(AwsCall call)
    {
        var (page, next) = Paging.Of([.. Resources()], call.Find("nextToken"), call.Number("maxResults"));
        return Json.Map(
            ("items", Json.List(page.Select(resource => Json.Map(
                ("arn", resource.Arn), ("name", resource.Name), ("availabilityZones", Zones()), ("appliedWeights", Weights(resource.Arn)), ("autoshifts", new JsonArray()),
                ("zonalShifts", Json.List(Active(resource.Arn).Select(Describe))), ("zonalAutoshiftStatus", "DISABLED"))))),
            ("nextToken", next));
    }

    private JsonObject GetResource(AwsCall call)
    {
        var resource = Find(call.Path[0]);
        return Json.Map(
            ("arn", resource.Arn), ("name", resource.Name), ("appliedWeights", Weights(resource.Arn)), ("autoshifts", new JsonArray()),
            ("zonalShifts", Json.List(Active(resource.Arn).Select(Describe))), ("zonalAutoshiftStatus", "DISABLED"));
    }

    private JsonObject ListShifts(AwsCall call)
    {
        var wanted = _shifts.Where(shift => (call.Find("status") is not { } status || shift.Status == status) && (call.Find("resourceIdentifier") is not { } arn || shift.Arn == Find(arn).Arn)).ToList();
        var (page, next) = Paging.Of(wanted, call.Find("nextToken"), call.Number("maxResults"));
        return Json.Map(("items", Json.List(page.Select(Describe))), ("nextToken", next));
    }

    private JsonObject Start(ClusterRun run, AwsCall call)
    {
        var resource = Find((string?)call.Body["resourceIdentifier"] ?? throw Invalid("MissingValue", "resourceIdentifier is missing"));
        var zoneId = (string?)call.Body["awayFrom"] ?? throw Invalid("MissingValue", "awayFrom is missing");
        var zone = account.ZoneOfId(zoneId) ?? throw Invalid("InvalidAz", $"{zoneId} is not the id of a zone of {resource.Arn}");
        var length = Length((string?)call.Body["expiresIn"]);
        if (Active(resource.Arn).FirstOrDefault() is { } other)
        {
            throw new AwsException("ConflictException", $"There is an active zonal shift for {resource.Arn}", 409)
            {
                Details = Json.Map(("reason", "ZonalShiftAlreadyExists"), ("zonalShiftId", other.Id)),
            };
        }

        var shift = new ShiftRecord(Ids.Uuid($"shift/{_shifts.Count}"), resource.Arn, zone, run.Now) { ExpiresAt = run.Now + length, Comment = (string?)call.Body["comment"] ?? "" };
        _shifts.Add(shift);
        if (IsOfCluster(shift))
            run.Apply(new Disruption.ZoneShifted(zone));
        account.World.Remind(shift.ExpiresAt, Expire);
        return Describe(shift);
    }

    private JsonObject Update(ClusterRun run, AwsCall call)
    {
        var shift = Open(call.Path[0]);
        if ((string?)call.Body["expiresIn"] is { } length)
            shift.ExpiresAt = run.Now + Length(length);
        if ((string?)call.Body["comment"] is { } comment)
            shift.Comment = comment;
        account.World.Remind(shift.ExpiresAt, Expire);
        return Describe(shift);
    }

    private JsonObject Cancel(ClusterRun run, AwsCall call)
    {
        var shift = Open(call.Path[0]);
        End(run, shift, "CANCELED");
        return Describe(shift);
    }

    private void Expire(ClusterRun run)
    {
        foreach (var shift in _shifts.Where(shift => shift.Status == "ACTIVE" && shift.ExpiresAt <= run.Now).ToList())
            End(run, shift, "EXPIRED");
    }

    private void End(ClusterRun run, ShiftRecord shift, string status)
    {
        shift.Status = status;
        if (IsOfCluster(shift))
            run.Apply(new Change.ZoneShiftEnded(shift.Zone));
    }

    private ShiftRecord Open(string id)
    {
        var shift = _shifts.Find(shift => shift.Id == id) ?? throw new AwsException("ResourceNotFoundException", $"There is no zonal shift {id}", 404);
        return shift.Status == "ACTIVE" ? shift
            : throw new AwsException("ConflictException", $"The zonal shift {id} is {shift.Status}", 409) { Details = Json.Map(("reason", "ZonalShiftStatusNotActive"), ("zonalShiftId", id)) };
    }

    /// <summary>The cluster, and the load balancers of its Services.</summary>
    private IEnumerable<(string Arn, string Name)> Resources() =>
        [(account.ClusterArn, account.ClusterName), .. LoadBalancing.Balancers(account).Select(balancer => (balancer.Arn, balancer.Name))];

    private (string Arn, string Name) Find(string identifier) => Resources().FirstOrDefault(resource => resource.Arn == identifier || resource.Name == identifier) is { Arn: not null } found
        ? found
        : throw new AwsException("ResourceNotFoundException", $"The resource {identifier} is not known to zonal shift", 404);

    private IEnumerable<ShiftRecord> Active(string arn) => _shifts.Where(shift => shift.Arn == arn && shift.Status == "ACTIVE");

    private bool IsOfCluster(ShiftRecord shift) => shift.Arn == account.ClusterArn;

    private JsonArray Zones() => Json.List(account.Zones.Select(zone => (JsonNode?)JsonValue.Create(account.ZoneIdOf(zone))));

    private JsonObject Weights(string arn)
    {
        var away = Active(arn).Select(shift => shift.Zone).ToHashSet(StringComparer.Ordinal);
        var weights = new JsonObject();
        foreach (var zone in account.Zones)
            weights[account.ZoneIdOf(zone)] = away.Contains(zone) ? 0.0 : 1.0;
        return weights;
    }

    private JsonObject Describe(ShiftRecord shift) => Json.Map(
        ("zonalShiftId", shift.Id), ("resourceIdentifier", shift.Arn), ("awayFrom", account.ZoneIdOf(shift.Zone)), ("startTime", Seconds(shift.StartedAt)), ("expiryTime", Seconds(shift.ExpiresAt)),
        ("status", shift.Status), ("comment", shift.Comment));

    private double Seconds(TimeSpan time) => account.At(time).ToUnixTimeMilliseconds() / 1000.0;

    private static TimeSpan Length(string? text)
    {
        var match = Pattern().Match(text ?? "");
        if (!match.Success)
            throw Invalid("InvalidExpiresIn", $"expiresIn must be a number of minutes or hours, such as 90m or 4h, not '{text}'");
        var number = int.Parse(match.Groups[1].Value, System.Globalization.CultureInfo.InvariantCulture);
        var length = match.Groups[2].Value == "h" ? TimeSpan.FromHours(number) : TimeSpan.FromMinutes(number);
        return length <= Longest ? length : throw Invalid("InvalidExpiresIn", "expiresIn must be at most 72h");
    }

    private static AwsException Invalid(string reason, string message) => new("ValidationException", message) { Details = Json.Map(("reason", reason)) };

    [GeneratedRegex(@"^([1-9][0-9]{0,4})(m|h)\z")]
    private static partial Regex Pattern();

    private sealed class ShiftRecord(string id, string arn, string zone, TimeSpan startedAt)
    {
        public string Id { get; } = id;

        public string Arn { get; } = arn;

        public string Zone { get; } = zone;

        public TimeSpan StartedAt { get; } = startedAt;

        public TimeSpan ExpiresAt { get; set; }

        public string Comment { get; set; } = "";

        public string Status { get; set; } = "ACTIVE";
    }
}
