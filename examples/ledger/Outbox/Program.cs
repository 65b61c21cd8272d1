using System.CommandLine;
using HaCluster.Examples.Outbox;
using Npgsql;

const int Refused = 1, Unusable = 2;

var database = new Option<string>("--database") { Description = "Connection string of PostgreSQL. Default: the variable OUTBOX_DATABASE.", DefaultValueFactory = _ => Environment.GetEnvironmentVariable("OUTBOX_DATABASE") ?? "Host=localhost" };
var address = new Option<string>("--ledger") { Description = "Address of the ledger. Default http://127.0.0.1:9810.", DefaultValueFactory = _ => "http://127.0.0.1:9810" };
var stream = new Option<string>("--stream") { Description = "Stream of the records. Default payments.", DefaultValueFactory = _ => "payments" };
var count = new Argument<int>("COUNT") { Description = "payments to make; every seventh is refused by the service itself, and rolled back" };

var init = new Command("init", "Make the tables.") { database };
init.SetAction((parsed, token) => RunAsync(async () =>
{
    await using var connection = new NpgsqlConnection(parsed.GetValue(database));
    await connection.OpenAsync(token);
    await OutboxTable.CreateAsync(connection, token);
}));
var pay = new Command("pay", "Be the service: make payments.") { count, database };
pay.SetAction((parsed, token) => RunAsync(async () =>
{
    await using var connection = new NpgsqlConnection(parsed.GetValue(database));
    await connection.OpenAsync(token);
    var paid = 0;
    for (var number = 1; number <= parsed.GetValue(count); number++)
    {
        try
        {
            await Payments.PayAsync(connection, $"account-{number % 10}", number % 7 == 0 ? -1 : number / 100m, token);
            paid++;
        }
        catch (PaymentRefusedException)
        {
            // Neither a payment nor a record is left of it.
        }
    }

    Console.WriteLine($"outbox: {paid} payments");
}));
var ship = new Command("ship", "Bring records to the ledger until Ctrl+C. The token is in the variable LEDGER_TOKEN.") { database, address, stream };
ship.SetAction((parsed, token) => RunAsync(async () =>
{
    using var ledger = new LedgerClient(new Uri(parsed.GetValue(address)!), parsed.GetValue(stream)!, Environment.GetEnvironmentVariable("LEDGER_TOKEN") is { Length: > 0 } secret ? secret : null);
    try
    {
        await new Shipper(parsed.GetValue(database)!, ledger, Console.Out).RunAsync(token);
    }
    catch (OperationCanceledException) when (token.IsCancellationRequested)
    {
        // As asked.
    }
}));

var root = new RootCommand("An outbox: payments and the records of them in one transaction, shipped to the finance log (examples/ledger/README.md).") { init, pay, ship };
return await root.Parse(args).InvokeAsync(new InvocationConfiguration { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = TimeSpan.FromSeconds(30) });

static async Task<int> RunAsync(Func<Task> run)
{
    try
    {
        await run();
        return 0;
    }
    catch (Exception exception) when (exception is ShippingException or NpgsqlException or ArgumentException or UriFormatException)
    {
        Console.Error.WriteLine($"outbox: {exception.Message}");
        return exception is ShippingException ? Refused : Unusable;
    }
}
