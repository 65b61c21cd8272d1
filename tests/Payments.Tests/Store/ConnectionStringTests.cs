using HaCluster.Payments.Store;
using HaCluster.Services;

namespace HaCluster.Payments.Tests.Store;

/// <summary>What is no connection string is refused where it is read: at the start, and when a file changes.</summary>
public sealed class ConnectionStringTests : IDisposable
{
    private readonly Scratch _scratch = new();

    public void Dispose() => _scratch.Dispose();

    [Theory]
    [InlineData("", "Host is missing")]
    [InlineData("Database=payments;Username=payments;Password=hunter2", "Host is missing")]
    [InlineData("Host= ;Password=hunter2", "Host is missing")]
    [InlineData("Host=localhost;Port=many;Password=hunter2", "port")]
    [InlineData("Host=localhost;Multiplexing=true;Pooling=false;Password=hunter2", "Pooling")]
    [InlineData("postgres://payments:hunter2@localhost/payments", "Host=...;Database=...;Username=...")]
    public async Task It_is_refused_without_its_password_and_the_one_before_stays_in_use(string text, string reason)
    {
        const string usable = "Host=localhost;Database=payments;Username=payments;Password=hunter2";
        var file = _scratch.At("connection");
        await File.WriteAllTextAsync(file, usable);
        var setting = new Reloaded<string>("--database", Read(), Read, _ => [file]);
        setting.Reload();
        await File.WriteAllTextAsync(file, text);
        var fault = setting.Reload().Fault;
        Assert.Contains("it is not a connection string of PostgreSQL", fault, StringComparison.Ordinal);
        Assert.Contains(reason, fault, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("hunter2", fault, StringComparison.Ordinal);
        Assert.Equal(usable, setting.Current);

        string Read() => PostgreSqlDatabase.Check(File.ReadAllText(file).Trim());
    }
}
