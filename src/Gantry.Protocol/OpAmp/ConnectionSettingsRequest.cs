using Gantry.Protocol.Wire;

namespace Gantry.Protocol.OpAmp;

/// <summary>ConnectionSettingsRequest: opamp = 1. Without it there is nothing to act upon.</summary>
public sealed class ConnectionSettingsRequest : IWireMessage
{
    public OpAmpConnectionSettingsRequest? OpAmp { get; set; }

    public void WriteTo(ProtoWriter writer) => writer.Message(1, OpAmp);

    public bool ReadField(ref ProtoReader reader)
    {
        if (reader.Tag is not (1, WireType.LengthDelimited))
        {
            return false;
        }

        OpAmp = reader.ReadInto(OpAmp ?? new());
        return true;
    }
}

/// <summary>OpAMPConnectionSettingsRequest: certificate_request = 1.</summary>
public sealed class OpAmpConnectionSettingsRequest : IWireMessage
{
    public CertificateRequest? Certificate { get; set; }

    public void WriteTo(ProtoWriter writer) => writer.Message(1, Certificate);

    public bool ReadField(ref ProtoReader reader)
    {
        if (reader.Tag is not (1, WireType.LengthDelimited))
        {
            return false;
        }

        Certificate = reader.ReadInto(Certificate ?? new());
        return true;
    }
}

/// <summary>CertificateRequest: csr = 1, PEM, signed with the agent's private key.</summary>
public sealed class CertificateRequest : IWireMessage
{
    public byte[] Csr { get; set; } = [];

    public void WriteTo(ProtoWriter writer) => writer.Bytes(1, Csr);

    public bool ReadField(ref ProtoReader reader)
    {
        if (reader.Tag is not (1, WireType.LengthDelimited))
        {
            return false;
        }

        Csr = reader.ReadBytes().ToArray();
        return true;
    }
}
