using HaCluster.Twin.Storage;

namespace HaCluster.Twin.Kubernetes.Validation;

/// <summary>Fills in what a new object leaves out, so that objects of controllers look like those of clients.</summary>
internal sealed class DefaultsAdmission : IAdmission
{
    public void Admit(AdmissionRequest request)
    {
        if (request is { Operation: AdmissionOperation.Create, Object: { } value })
            Defaults.Fill(request.Kind, value, isNew: true);
    }
}
