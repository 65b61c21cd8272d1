using System.Management.Automation;

namespace HaCluster.Cmdlets.Loading;

/// <summary>Called by PowerShell when a runspace imports or removes the module.</summary>
public sealed class ModuleInitializer : IModuleAssemblyInitializer, IModuleAssemblyCleanup
{
    public void OnImport() => ModuleContext.Attach();

    public void OnRemove(PSModuleInfo psModuleInfo) => ModuleContext.Detach();
}
