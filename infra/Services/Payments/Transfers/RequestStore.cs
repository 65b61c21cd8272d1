using HaCluster.Payments.Outbox;
using HaCluster.Payments.Store;

namespace HaCluster.Payments.Transfers;

/// <summary>Requests and exports of transfers in the store. Both are written once and never changed.</summary>
internal static class RequestStore
{
    private const string ExportColumns = "transfer, number, purpose, content, cast(fee_rate as text) as fee_rate, cast(max_fee as text) as max_fee, created_at";

    /// <summary>Asks the sender for something. The same request again is the same one.</summary>
    public static async Task RequestAsync(this Session session, Transfer transfer, string kind, long attempt, string actor, DateTimeOffset now)
    {
        var added = await session.ExecuteAsync(
            "insert into transfer_requests (transfer, kind, attempt, requested_by, requested_at) values (@Id, @kind, @attempt, @actor, @Now) on conflict (transfer, kind, attempt) do nothing",
            new { transfer.Id, kind, attempt, actor, Now = now.ToUnixTimeMilliseconds() });
        if (added == 1)
            await session.AppendEventAsync($"transfer.{kind}-requested", transfer.Id, new Dictionary<string, string?> { ["wallet"] = transfer.Wallet, ["actor"] = actor }, now);
    }

    public static async Task<ChangeRequests> RequestsAsync(this Session session, string transfer) => new(await session.ListAsync<ChangeRequest>(
        "select transfer, kind, attempt, requested_by from transfer_requests where transfer = @transfer order by requested_at, attempt", new { transfer }));

    /// <exception cref="DuplicateException">There is one of this number already: another replica was first.</exception>
    public static async Task AddExportAsync(this Session session, Export export, string wallet, DateTimeOffset now)
    {
        await session.ExecuteAsync(
            "insert into exports (transfer, number, purpose, content, fee_rate, max_fee, created_at) values (@Transfer, @Number, @Purpose, @Content, @FeeRate, @MaxFee, @Now)",
            new { export.Transfer, export.Number, export.Purpose, export.Content, export.FeeRate, export.MaxFee, Now = now.ToUnixTimeMilliseconds() });
        await session.AppendEventAsync("transfer.exported", export.Transfer, new Dictionary<string, string?> { ["wallet"] = wallet, ["number"] = $"{export.Number}", ["purpose"] = export.Purpose }, now);
    }

    public static Task<IReadOnlyList<Export>> ExportsAsync(this Session session, string transfer) =>
        session.ListAsync<Export>($"select {ExportColumns} from exports where transfer = @transfer order by number", new { transfer });
}
