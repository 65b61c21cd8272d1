using System.Diagnostics.CodeAnalysis;
using Pulumi.Testing;

namespace Pulumi;

/// <summary>A run of a program. Programs start with one of the <c>RunAsync</c> methods.</summary>
public sealed partial class Deployment
{
    private static readonly AsyncLocal<DeploymentInstance?> CurrentInstance = new();

    private readonly string _organizationName;
    private readonly string? _rootDirectory;
    private Stack? _stack;

    private Deployment(EngineEnvironment environment)
        : this(new GrpcEngine(environment.EngineAddress), new GrpcMonitor(environment.MonitorAddress), environment.IsDryRun)
    {
        ProjectName = environment.ProjectName;
        StackName = environment.StackName;
        _organizationName = environment.OrganizationName;
        _rootDirectory = environment.RootDirectory;
    }

    internal Deployment(IEngine engine, IMonitor monitor, TestOptions? options)
        : this(engine, monitor, options?.IsPreview ?? true)
    {
        ProjectName = options?.ProjectName ?? "project";
        StackName = options?.StackName ?? "stack";
        _organizationName = options?.OrganizationName ?? "organization";
        _rootDirectory = options?.RootDirectory;
    }

    private Deployment(IEngine engine, IMonitor monitor, bool isDryRun)
    {
        Engine = engine;
        Monitor = monitor;
        IsDryRun = isDryRun;
        ProjectName = "";
        StackName = "";
        _organizationName = "";
        Logger = new EngineLogger(this, engine);
        Runner = new Runner(this);
    }

    /// <summary>The run that the code is part of.</summary>
    /// <exception cref="InvalidOperationException">It is part of none.</exception>
    public static DeploymentInstance Instance
    {
        get => CurrentInstance.Value
            ?? throw new InvalidOperationException("Trying to acquire Deployment.Instance before 'Run' was called.");
        internal set
        {
            if (CurrentInstance.Value is not null)
                throw new InvalidOperationException("Deployment.Instance should only be set once at the beginning of a 'Run' call.");
            CurrentInstance.Value = value;
        }
    }

    internal static Deployment Current => Instance.Deployment;

    internal static bool TryGetCurrent([NotNullWhen(true)] out Deployment? deployment)
    {
        deployment = CurrentInstance.Value?.Deployment;
        return deployment is not null;
    }

    internal IEngine Engine { get; }

    internal IMonitor Monitor { get; }

    internal EngineLogger Logger { get; }

    internal Runner Runner { get; }

    internal string OrganizationName => _organizationName;

    internal string ProjectName { get; }

    internal string StackName { get; }

    internal bool IsDryRun { get; }

    internal string RootDirectory => _rootDirectory
        ?? throw new InvalidOperationException("The Pulumi CLI version does not support root directory. Please update the Pulumi CLI.");

    internal Stack Stack
    {
        get => _stack ?? throw new InvalidOperationException("Trying to acquire Deployment.Stack before 'Run' was called.");
        set => _stack = value;
    }
}
