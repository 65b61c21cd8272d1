using System.Collections.Immutable;

namespace Pulumi.Utilities;

/// <summary>Looks into outputs: for tests and for code that generates programs, not for programs.</summary>
public static class OutputUtilities
{
    /// <summary>An output that is not known, with a value nonetheless.</summary>
    public static Output<T> CreateUnknown<T>(T value) => Output<T>.CreateUnknown(value);

    /// <summary>An output that is not known; the factory does not run.</summary>
    public static Output<T> CreateUnknown<T>(Func<Task<T>> valueFactory) => Output<T>.CreateUnknown(default(T)!).Apply(_ => valueFactory());

    /// <summary>The same output, depending on one more resource.</summary>
    public static Output<T> WithDependency<T>(Output<T> output, Resource resource)
    {
        ArgumentNullException.ThrowIfNull(output);
        ArgumentNullException.ThrowIfNull(resource);
        return output.WithDependency(resource);
    }

    public static async Task<bool> GetIsKnownAsync<T>(Output<T> output) => (await output.DataTask).IsKnown;

    /// <summary>The value, or the type's default if it is not known.</summary>
    public static Task<T> GetValueAsync<T>(Output<T> output) => output.GetValueAsync(whenUnknown: default!);

    public static async Task<ImmutableHashSet<Resource>> GetDependenciesAsync<T>(Output<T> output) => (await output.DataTask).Resources;
}
