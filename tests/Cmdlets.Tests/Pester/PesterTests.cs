using HaCluster.Cmdlets.Tests.Twin;

namespace HaCluster.Cmdlets.Tests.Pester;

/// <summary>The runbook scripts, tried with Pester as a person would try them.</summary>
public sealed class PesterTests
{
    [SkippableFact]
    public void Runbooks_decide_rightly_on_mocked_answers() => PesterRunner.Run("Runbooks.Tests.ps1");
}

/// <summary>The same scripts on the twin, with nothing mocked.</summary>
[Collection(TwinCollection.Name)]
public sealed class TwinPesterTests(TwinFixture twin)
{
    [SkippableFact]
    public void Runbooks_do_what_they_say_on_the_twin()
    {
        Assert.NotEmpty(twin.Zone);
        PesterRunner.Run("RunbooksOnTwin.Tests.ps1");
    }
}
