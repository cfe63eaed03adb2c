namespace Gantry.Agent.Instrument.Attach.Meters;

/// <summary>What an instrument's values mean, by the .NET type that the runtime names.</summary>
internal enum InstrumentKind
{
    Histogram,

    /// <summary>Increases, summed up from attaching on.</summary>
    Counter,

    /// <summary>A sum since the process's start.</summary>
    ObservableCounter,

    /// <summary>Changes, summed up from attaching on.</summary>
    UpDownCounter,

    ObservableUpDownCounter,

    Gauge,
}
