namespace HaCluster.Planning.Proof.Checks;

/// <summary>Tries all scenarios of one class.</summary>
internal interface ICheck
{
    ClassResult Run();
}
