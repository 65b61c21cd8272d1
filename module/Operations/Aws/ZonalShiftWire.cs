using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using HaCluster.Account.Wire;

namespace HaCluster.Operations.Aws;

/// <summary>ARC zonal shift (https://docs.aws.amazon.com/arc-zonal-shift/latest/api/).</summary>
internal sealed class ZonalShiftWire(AwsConnection connection) : IZonalShifts
{
    private RestProtocol Rest => connection.Rest(AwsService.ZonalShift);

    public Task<ImmutableArray<ZonalShift>> ListActiveAsync(string? resourceArn, CancellationToken cancellationToken) => AwsErrors.TranslateAsync("zonal shifts", async () =>
    {
        (string, string)[] query = resourceArn is null ? [("status", "ACTIVE")] : [("status", "ACTIVE"), ("resourceIdentifier", resourceArn)];
        var shifts = ImmutableArray.CreateBuilder<ZonalShift>();
        await foreach (var page in Rest.PagesAsync("ListZonalShifts", "/zonalshifts", cancellationToken, query))
            shifts.AddRange(page.Items("items").Select(Shift));
        return shifts.ToImmutable();
    });

    public Task<ImmutableArray<ShiftableResource>> ListResourcesAsync(CancellationToken cancellationToken) => AwsErrors.TranslateAsync("resources of zonal shift", async () =>
    {
        var resources = ImmutableArray.CreateBuilder<ShiftableResource>();
        await foreach (var page in Rest.PagesAsync("ListManagedResources", "/managedresources", cancellationToken))
            resources.AddRange(page.Items("items").Select(item => new ShiftableResource(item.Str("arn"), item.Str("name"), item.Strings("availabilityZones"))));
        return resources.ToImmutable();
    });

    public Task<ZonalShift> StartAsync(string resourceArn, string zoneId, TimeSpan duration, string comment, CancellationToken cancellationToken) =>
        AwsErrors.TranslateAsync(resourceArn, async () =>
        {
            var body = new JsonObject { ["resourceIdentifier"] = resourceArn, ["awayFrom"] = zoneId, ["expiresIn"] = Length(duration), ["comment"] = comment };
            return Shift(await Rest.SendAsync("StartZonalShift", "POST", "/zonalshifts", body, cancellationToken));
        });

    public Task<ZonalShift> UpdateAsync(string shiftId, TimeSpan? duration, string? comment, CancellationToken cancellationToken) => AwsErrors.TranslateAsync($"zonal shift {shiftId}", async () =>
    {
        var body = new JsonObject();
        if (duration is { } length)
            body["expiresIn"] = Length(length);
        if (comment is not null)
            body["comment"] = comment;
        return Shift(await Rest.SendAsync("UpdateZonalShift", "PATCH", $"/zonalshifts/{Uri.EscapeDataString(shiftId)}", body, cancellationToken));
    });

    public Task<ZonalShift> CancelAsync(string shiftId, CancellationToken cancellationToken) => AwsErrors.TranslateAsync($"zonal shift {shiftId}", async () =>
        Shift(await Rest.SendAsync("CancelZonalShift", "DELETE", $"/zonalshifts/{Uri.EscapeDataString(shiftId)}", null, cancellationToken)));

    /// <summary>Minutes or whole hours: <c>90m</c>, <c>4h</c> (pattern <c>([1-9][0-9]*)(m|h)</c>).</summary>
    private static string Length(TimeSpan duration)
    {
        var minutes = (long)Math.Ceiling(duration.TotalMinutes);
        return minutes % 60 == 0 && minutes > 0 ? string.Create(CultureInfo.InvariantCulture, $"{minutes / 60}h") : string.Create(CultureInfo.InvariantCulture, $"{Math.Max(1, minutes)}m");
    }

    private static ZonalShift Shift(JsonElement json) => new(
        json.Str("zonalShiftId"), json.Str("resourceIdentifier"), json.Str("awayFrom"), json.Str("status"), json.Time("startTime"), json.Time("expiryTime"), json.Str("comment"));
}
