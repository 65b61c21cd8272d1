using HaCluster.Payments.Store;
using HaCluster.Payments.Tests.Peers;

namespace HaCluster.Payments.Tests.Store;

/// <summary>Tests of which each has a store, and worlds over it, of its own: they end with it.</summary>
/// <param name="postgreSql">Null: all tests are on SQLite.</param>
public abstract class OwnStore(PostgreSql? postgreSql = null) : IAsyncLifetime, IDisposable
{
    private readonly Stack<IAsyncDisposable> _open = new();

    private protected Scratch Scratch { get; } = new();

    public virtual Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        while (_open.TryPop(out var last))
            await last.DisposeAsync();
    }

    public void Dispose()
    {
        Scratch.Dispose();
        GC.SuppressFinalize(this);
    }

    private protected async Task<Database> OpenAsync(StoreKind kind = StoreKind.Sqlite) => Keep(await Stores.OpenAsync(kind, Scratch, postgreSql!));

    /// <summary>Until the test ends.</summary>
    private protected T Keep<T>(T world)
        where T : IAsyncDisposable
    {
        _open.Push(world);
        return world;
    }
}
