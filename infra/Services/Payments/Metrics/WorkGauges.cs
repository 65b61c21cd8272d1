using Prometheus;

namespace HaCluster.Payments.Metrics;

/// <summary>Gauges that workers set for what they work on. Once another replica has the work, what this one last said of it is out of date.</summary>
internal sealed class WorkGauges(Lock series)
{
    private readonly List<(string Worker, Gauge Gauge)> _gauges = [];

    /// <param name="gauge">Its first label is what the worker works on; without labels it has one thing to work on.</param>
    public Gauge Of(string worker, Gauge gauge)
    {
        _gauges.Add((worker, gauge));
        return gauge;
    }

    public void Forget(string worker, string subject)
    {
        lock (series)
        {
            foreach (var gauge in _gauges.Where(one => one.Worker == worker).Select(one => one.Gauge))
            {
                if (gauge.LabelNames.Length == 0)
                {
                    gauge.Set(0);
                    gauge.Unpublish();
                }

                foreach (var labels in gauge.GetAllLabelValues().Where(labels => labels is [var first, ..] && first == subject).ToArray())
                    gauge.RemoveLabelled(labels);
            }
        }
    }
}
