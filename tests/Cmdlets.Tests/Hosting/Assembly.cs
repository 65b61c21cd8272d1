// PowerShell hosts are heavy, and connections are shared by the whole process.
[assembly: CollectionBehavior(DisableTestParallelization = true)]
