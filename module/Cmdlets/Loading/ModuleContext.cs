using System.Reflection;
using System.Runtime.Loader;

namespace HaCluster.Cmdlets.Loading;

/// <summary>
/// Where the module's dependencies live, so that it runs beside modules that bring other versions of the same libraries.
/// https://learn.microsoft.com/powershell/scripting/dev-cross-plat/resolving-dependency-conflicts
/// </summary>
internal sealed class ModuleContext : AssemblyLoadContext
{
    private const string Entry = "HaCluster.Operations";

    /// <summary>One for the process: every runspace that imports the module shares it.</summary>
    private static readonly Lazy<ModuleContext> Shared = new(() => new ModuleContext());

    /// <summary>The records that PowerShell sees are the same types on both sides.</summary>
    private static readonly Assembly Results = typeof(ConnectionInfo).Assembly;

    private static readonly Lock Gate = new();
    private static int _importers;

    private readonly string _folder;
    private readonly AssemblyDependencyResolver _resolver;

    private ModuleContext()
        : base("HaCluster")
    {
        _folder = Path.Combine(Path.GetDirectoryName(typeof(ModuleContext).Assembly.Location)!, "deps");
        _resolver = new AssemblyDependencyResolver(Path.Combine(_folder, Entry + ".dll"));
    }

    /// <summary>Called for each runspace that imports the module.</summary>
    public static void Attach()
    {
        lock (Gate)
        {
            if (_importers++ == 0)
                Default.Resolving += Resolve;
        }
    }

    /// <summary>Called for each runspace that removes the module; what was loaded stays.</summary>
    public static void Detach()
    {
        lock (Gate)
        {
            if (--_importers == 0)
                Default.Resolving -= Resolve;
        }
    }

    protected override Assembly? Load(AssemblyName assemblyName)
    {
        if (assemblyName.Name == Results.GetName().Name)
            return Results;
        return _resolver.ResolveAssemblyToPath(assemblyName) is { } path ? LoadFromAssemblyPath(path) : null;
    }

    protected override IntPtr LoadUnmanagedDll(string unmanagedDllName) =>
        _resolver.ResolveUnmanagedDllToPath(unmanagedDllName) is { } path ? LoadUnmanagedDllFromPath(path) : IntPtr.Zero;

    private static Assembly? Resolve(AssemblyLoadContext context, AssemblyName name) =>
        name.Name is { } simple && simple.StartsWith("HaCluster.", StringComparison.Ordinal) && File.Exists(Path.Combine(Shared.Value._folder, simple + ".dll"))
            ? Shared.Value.LoadFromAssemblyName(name)
            : null;
}
