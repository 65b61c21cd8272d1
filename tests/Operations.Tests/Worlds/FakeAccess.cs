namespace HaCluster.Operations.Tests.Worlds;

/// <summary>One process's access to a world: its faults, and the file that the world is kept in.</summary>
internal sealed class FakeAccess(FakeWorld world, Faults faults, string? file)
{
    private const int ReadAttempts = 5;
    private static readonly Lock Acting = new();

    /// <summary>Something that happens in a world beside the calls, while processes act on it.</summary>
    public static void Change(Action change)
    {
        lock (Acting)
            change();
    }

    public FakeWorld World => world;

    public Faults Faults => faults;

    /// <summary>A read is repeated after a failure that passes, as the real clients do.</summary>
    public async Task<T> ReadAsync<T>(string call, Func<FakeWorld, T> read, CancellationToken cancellationToken)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                return await ReadOnceAsync(call, read, cancellationToken);
            }
            catch (HaClusterException e) when (e.IsTransient && attempt < ReadAttempts)
            {
            }
        }
    }

    private async Task<T> ReadOnceAsync<T>(string call, Func<FakeWorld, T> read, CancellationToken cancellationToken)
    {
        await Task.Yield();
        cancellationToken.ThrowIfCancellationRequested();
        lock (Acting)
        {
            faults.OnCall(call, isChange: false);
            FakeControllers.Step(world);
            var result = read(world);
            if (file is not null)
                world.Save(file);
            return result;
        }
    }

    /// <param name="change">Says whether anything was changed.</param>
    public async Task<T> TryChangeAsync<T>(string call, bool isCounted, Func<FakeWorld, (T Result, bool IsChanged)> change, CancellationToken cancellationToken)
    {
        await Task.Yield();
        cancellationToken.ThrowIfCancellationRequested();
        lock (Acting)
        {
            faults.OnCall(call, isCounted);
            var (result, isChanged) = change(world);
            if (file is not null)
                world.Save(file);
            if (isCounted && isChanged)
                faults.OnChanged(call);
            return result;
        }
    }
}
